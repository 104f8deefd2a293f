"""TXT records, asked of the resolver that the machine is given."""

import dns.exception
import dns.resolver
from dns.rdtypes.ANY.TXT import TXT

from gotero.domain.doctor.facts import UnansweredError

_SECONDS = 2.0


class DnsTexts:
    """`NameTexts` on the network's resolver. A name is taken whole: nothing of the machine's is put behind it."""

    def __call__(self, name: str) -> tuple[str, ...]:
        try:
            answer = dns.resolver.resolve(f"{name}.", "TXT", lifetime=_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.Timeout as error:
            raise UnansweredError("timeout") from error
        except (dns.exception.DNSException, OSError) as error:
            raise UnansweredError("unreachable") from error
        records = answer.rrset or ()
        # A long text comes in pieces that belong together.
        return tuple(b"".join(r.strings).decode("utf-8", "replace") for r in records if isinstance(r, TXT))
