"""What stood in one column moves to where there may be several: roles, websites, and the bounds of a share."""

from django.db import migrations
from django.db.models import F

from vendors.catalogue.identifiers import identifier_key


def move_down(apps, schema_editor):
    Vendor, Role = apps.get_model("vendors", "Vendor"), apps.get_model("vendors", "VendorRole")
    Identifier, Ownership = apps.get_model("vendors", "VendorIdentifier"), apps.get_model("vendors", "Ownership")
    Ownership.objects.filter(share_percent__isnull=False).update(
        share_low=F("share_percent"), share_high=F("share_percent")
    )
    said = ("source", "confidence", "is_shipped")
    known = {"maker", "distributor", "chip designer", "foundry", "host", "financier"}
    for vendor in Vendor.objects.order_by("pk"):
        values = {name: getattr(vendor, name) for name in said}
        role = vendor.role.strip().lower()
        if role in known:
            Role.objects.get_or_create(vendor=vendor, role=role, defaults=values)
        elif role:
            vendor.note = f"{vendor.note} Role: {vendor.role}".strip()
            vendor.save(update_fields=["note"])
        if vendor.website:
            keep_website(Identifier, vendor, values)


def keep_website(Identifier, vendor, values):
    """One that cannot be read, or is another vendor's already, stays in the note."""
    try:
        key = identifier_key("website", vendor.website)
    except ValueError:
        key = ""
    at = {"operator": vendor.operator, "system": "website", "country": "", "key": key}
    if key and not Identifier.objects.filter(**at).exists():
        Identifier.objects.create(vendor=vendor, value=vendor.website, **at, **values)
    else:
        vendor.note = f"{vendor.note} Website: {vendor.website}".strip()
        vendor.save(update_fields=["note"])


def move_up(apps, schema_editor):
    Vendor, Ownership = apps.get_model("vendors", "Vendor"), apps.get_model("vendors", "Ownership")
    Ownership.objects.update(share_percent=F("share_low"))
    for vendor in Vendor.objects.all():
        role, website = vendor.roles.first(), vendor.identifiers.filter(system="website").first()
        vendor.role, vendor.website = role.role if role else "", website.value if website else ""
        vendor.save(update_fields=["role", "website"])


class Migration(migrations.Migration):

    dependencies = [("vendors", "0002_records")]

    operations = [migrations.RunPython(move_down, move_up)]
