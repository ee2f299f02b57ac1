"""An agent of the application's own, with no rights anywhere: after each grant it asks for what it must not be able to read.

Somebody who is not signed in cannot tell whether everybody who has an account was let in; this agent can.
"""

import json

from flask import Flask, current_app

from musette_solid.errors import N_
from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.web.config import Config, NotConfigured


def install(app: Flask, config: Config) -> None:
    """Raises NotConfigured when the file of its credentials cannot be used."""
    app.extensions["musette.probes"] = _probes(config)


def probes() -> tuple[Pod, ...]:
    found: tuple[Pod, ...] = current_app.extensions["musette.probes"]
    return found


def _probes(config: Config) -> tuple[Pod, ...]:
    if config.probe is None:
        return ()
    try:
        kept = json.loads(config.probe.read_text("utf-8"))
        client = oidc.Client(kept["client_id"], kept["client_secret"])
        issuer, webid = str(kept["issuer"]), str(kept["webid"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotConfigured(
            variable="MUSETTE_PROBE", reason=N_("it must name a file of credentials, as `musette login` keeps one")
        ) from error
    outgoing = Outgoing(config.allowed_hosts)
    return (Pod(outgoing, webid, oidc.ClientCredentials(outgoing, issuer, client, webid)),)
