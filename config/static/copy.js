// A copy button beside each address; without a script the address can be selected by hand.
if (navigator.clipboard) {
  for (const address of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = address.dataset.copy;
    button.setAttribute("aria-describedby", address.id);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address.textContent.trim());
      button.textContent = address.dataset.copied;
    });
    address.after(" ", button);
  }
}
