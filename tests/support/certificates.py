"""A certificate authority of a test's own (RFC 5280): whom it vouches for, and since and until when."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOUR = timedelta(hours=1)
_USAGE = dict.fromkeys(
    ("content_commitment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
)


class Authority:
    """``ca.pem`` in this folder is what is trusted by who trusts it; its key is never written down."""

    def __init__(self, folder: Path) -> None:
        self.pem = folder / "ca.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Palier, authority of a test")])
        self._identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        certifying = x509.KeyUsage(
            key_cert_sign=True, crl_sign=True, digital_signature=False, key_encipherment=False, **_USAGE
        )
        root = self._sign(
            self._name, self._key, timedelta(days=2),
            (x509.BasicConstraints(True, 0), True), (certifying, True), (self._identifier, False),
        )  # fmt: skip
        self._root = root.public_bytes(serialization.Encoding.PEM)
        self.pem.write_bytes(self._root)

    def issue(self, folder: Path, *names: str, until: timedelta = timedelta(days=2)) -> None:
        """Put fullchain.pem and privkey.pem for these host names and addresses into a folder.

        ``until``: from now; before it for a certificate that has expired.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        site = self._sign(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), key, until,
            (x509.BasicConstraints(False, None), True),
            (x509.SubjectAlternativeName([_general(name) for name in names]), False),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier), False),
        )  # fmt: skip
        (folder / "fullchain.pem").write_bytes(site.public_bytes(serialization.Encoding.PEM) + self._root)
        (folder / "privkey.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def _sign(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, until: timedelta,
        *extensions: tuple[x509.ExtensionType, bool],
    ) -> x509.Certificate:  # fmt: skip
        end = datetime.now(UTC) + until
        builder = x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(min(end, datetime.now(UTC)) - HOUR).not_valid_after(end)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self._key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
