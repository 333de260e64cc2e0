import re,pathlib
import pytest
from django.urls import reverse
from tests.outreach.city import import_harbor_bay
@pytest.mark.django_db
def test_x(client):
    import_harbor_bay()
    h=client.post(reverse("find_beat"),{"address":"650 6th Street"}).text
    css=pathlib.Path("/work/main/config/static/site.css")
    if css.exists(): h=re.sub(r'<link rel="stylesheet"[^>]*>',"<style>"+css.read_text()+"</style>",h)
    pathlib.Path("/tmp/find.html").write_text(h)
