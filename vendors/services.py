"""Changes of the vendor register."""

def load_register():
    from vendors.models import Vendor, ContestedOrigin
    from fleet.catalogue.files import read_models, read_aliases
    from django.utils.text import slugify
    from ledger.reconciling import Reconciled
    import datetime
    n=0
    for m in sorted({m.maker for m in read_models()}|{a.maker for a in read_aliases()}):
        v,c=Vendor.objects.get_or_create(name=m, slug=slugify(m)); n+=c
        if m in ("Bitmain","MicroBT","Canaan"): ContestedOrigin.objects.get_or_create(vendor=v,country="CN",first_date=datetime.date(2018,1,1))
    return {"vendors": Reconciled(added=n)}
