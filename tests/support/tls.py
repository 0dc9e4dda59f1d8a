"""A certificate authority for one test run, trusted by the tests' browser alone."""

import base64
import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class Identity:
    """One certificate for several names: files for servers, the hash by which Chromium is told to trust it, and who
    vouches for it."""

    certificate: Path
    key: Path
    pin: str
    authority: Path

    def context(self) -> ssl.SSLContext:
        """For a server of ours to wrap its socket with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def issue(folder: Path, *names: str) -> Identity:
    """Make a certificate for `names` in `folder`."""
    authority = trustme.CA()
    leaf = authority.issue_cert(*names)
    certificate, key, root = folder / "certificate.pem", folder / "key.pem", folder / "authority.pem"
    root.write_bytes(authority.cert_pem.bytes())
    certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    key.write_bytes(leaf.private_key_pem.bytes())
    public = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Identity(certificate, key, base64.b64encode(hashlib.sha256(spki).digest()).decode(), root)
