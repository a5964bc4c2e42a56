"""How people enter: second steps, sessions by browser, counted tries, and the logins of an outside provider."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from fleet.models.operator import User


class CodeApp(models.Model):
    """The app of a person that makes six digits every thirty seconds (RFC 6238).

    `sealed_secret` is opened by the product's key alone. `last_step` is the thirty seconds whose digits were used
    last: digits are good once.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="code_app")
    sealed_secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"code app of person {self.person_id}"


class Passkey(models.Model):
    """A key pair that an authenticator of a person holds (WebAuthn); here is its public half.

    `credential` is what the authenticator told when it was added: its id with the public key. `uses` is the
    authenticator's own count, 0 where it keeps none.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True)
    credential = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper that stands in for a second step, once. Kept as a digest."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="a_recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of person {self.person_id}"


class PersonSessionQuerySet(models.QuerySet["PersonSession"]):
    """Questions about sessions."""

    def open_at(self, moment: datetime) -> PersonSessionQuerySet:
        """Those that have not run out."""
        return self.filter(expires_at__gt=moment)


class PersonSession(models.Model):
    """One browser in which a person has signed in: what is told of the session of the same key.

    `network` is the address without its last part: enough to know one's own, too little to follow somebody.
    """

    session_key = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=60, blank=True)
    way = models.CharField(max_length=40, blank=True)
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = PersonSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "-last_seen_at"])]

    def __str__(self) -> str:
        return f"session {self.pk} of person {self.person_id}"


class SignInTry(models.Model):
    """One try that counts, or one network from which an account was entered. `bucket` is a keyed digest of what is
    counted together: neither names nor addresses stand here."""

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["bucket", "at"])]

    def __str__(self) -> str:
        return f"try {self.bucket[:8]}"


class OutsideLogin(models.Model):
    """By which name an OpenID provider knows a person: who was matched by mail once is known by this afterwards."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="outside_logins")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_for_a_subject")]

    def __str__(self) -> str:
        return f"{self.issuer} of person {self.person_id}"


def subject_of(person: Any) -> str:
    """By what the audit names a person."""
    return f"person {person.pk}"
