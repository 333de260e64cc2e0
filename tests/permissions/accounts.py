"""Sign-in and one's own account."""

from tests.permissions.table import Table

TABLE = Table()
row = TABLE.row

# Sign-in and own account.
row("oidc_start", "", "GET", 404)  # no provider is set
row("oidc_callback", "", "GET", 404)
for page in (
    "account_email", "account_set_password",
    "account_reset_password_done", "account_reset_password_from_key_done",
    "account_email_verification_sent",
):  # fmt: skip
    row(page, "", "GET", 404)  # the administrator gives passwords and addresses
row("account_reset_password", "", "GET", 200)  # says whom to ask
row("account_reset_password", "", "POST", 405)
row("usersessions_list", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("mfa_list_webauthn", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("account_login", "", "GET", 200, 302, 302, 302, 302, 302, 302, 302)
row("account_logout", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("account_inactive", "", "GET", 200)
row("account_signup", "", "GET", 200, 302, 302, 302, 302, 302, 302, 302)  # closed: says so
row("account_reauthenticate", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("account_change_password", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("mfa_index", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)

# Parts of the sign-in package that need a state of their own; none shows anything of ours.
ELSEWHERE = {
    "closed",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
}
