"""``gridlingua admin``: organisations, their clients, grants, signing keys, and the usage log, at the database itself.

The same is done over HTTP by the admin API; this is for the first administrator, and for scripts on the server.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated

import typer

from gridlingua.cli.administering import BY, USUAL, DatabaseOption, changing, now, show
from gridlingua.cli.options import JsonSwitch
from gridlingua.semantics.schema import write_json
from gridlingua.services.access import ROLES
from gridlingua.services.accounts import credentials, organisations, records, tokens
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.services.accounts.tokens import Tokens
from gridlingua.services.consent import decisions, grants, parties, store
from gridlingua.services.consent.messages import Grant
from gridlingua.services.consent.store import Cause
from gridlingua.services.consent.tables import RECORDS
from gridlingua.services.instants import Instant
from gridlingua.services.pages import MOST, Window
from gridlingua.services.refusals import NotFoundError

admin_app = typer.Typer(help="Who may call the services, and what they did.", no_args_is_help=True)
organisation_app = typer.Typer(help="Organisations, their roles and knowledge bases.", no_args_is_help=True)
client_app = typer.Typer(help="Clients of OAuth 2, and API keys.", no_args_is_help=True)
grant_app = typer.Typer(help="Grants of end users' data.", no_args_is_help=True)
key_app = typer.Typer(help="The keys that sign tokens.", no_args_is_help=True)
admin_app.add_typer(organisation_app, name="organisation")
admin_app.add_typer(client_app, name="client")
admin_app.add_typer(grant_app, name="grant")
admin_app.add_typer(key_app, name="key")

Organisation = Annotated[str, typer.Argument(help="Id of the organisation, such as aggregator-one.")]


def _instant(text: str) -> datetime:
    try:
        return Instant.parse(text).at
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@organisation_app.command("put")
def put_organisation(
    organisation: Organisation,
    role: Annotated[
        list[str] | None, typer.Option(help=f"What it may do; may be repeated: {', '.join(ROLES)}.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name for people.")] = "",
    knowledge_base: Annotated[
        list[str] | None, typer.Option(help="Id by which it asks over the network; may be repeated.")
    ] = None,
    database: DatabaseOption = USUAL,
) -> None:
    """Enter an organisation, or change its name, roles or knowledge bases; what is not named stays as it is."""
    with changing(database) as connection:
        known = next((one for one in organisations.find(connection) if one.id == organisation), None)
        told = {
            "id": organisation,
            "name": name or (known.name if known else organisation),
            "roles": role or (known.roles if known else []),
            "knowledgeBases": knowledge_base or (known.knowledge_bases if known else []),
        }
        is_new = organisations.put(connection, NewOrganisation.model_validate(told), now())
    typer.echo(f"{organisation} is {'entered' if is_new else 'changed'}")


@organisation_app.command("list")
def list_organisations(database: DatabaseOption = USUAL) -> None:
    """Show every organisation."""
    with changing(database) as connection:
        found = organisations.find(connection)
    rows = [
        (one.id, one.name, ", ".join(one.roles), ", ".join(one.knowledge_bases), "" if one.active else "off")
        for one in found
    ]
    show("Organisations", ("id", "name", "roles", "knowledge bases", ""), rows)


@organisation_app.command("switch")
def switch_organisation(
    organisation: Organisation,
    on: Annotated[bool, typer.Option("--on/--off", help="Let it in, or keep it out.")],
    database: DatabaseOption = USUAL,
) -> None:
    """Let an organisation in, or keep it out from this moment on."""
    with changing(database) as connection:
        organisations.switch(connection, organisation, active=on)
    typer.echo(f"{organisation} is {'let in' if on else 'kept out'}")


@client_app.command("add")
def add_client(
    organisation: Organisation,
    api_key: Annotated[bool, typer.Option("--api-key", help="An API key, for machines that cannot do OAuth.")] = False,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    role: Annotated[
        list[str] | None, typer.Option(help="Fewer roles than the organisation has; may be repeated.")
    ] = None,
    until: Annotated[str, typer.Option(help="When it ends, such as 2027-11-21T00:00:00Z; never when absent.")] = "",
    as_json: JsonSwitch = False,
    database: DatabaseOption = USUAL,
) -> None:
    """Make a client or an API key, and print its secret this once."""
    kind, ends = "key" if api_key else "client", _instant(until) if until else None
    with changing(database) as connection:
        roles = credentials.known_roles(role or ())
        made = credentials.issue(connection, kind, organisation, now(), label=label, roles=roles, expires_at=ends)
    said = {"id": made.id} | ({"key": made.key} if api_key else {"secret": made.secret})
    typer.echo(write_json(said) if as_json else "\n".join(f"{name} {text}" for name, text in said.items()))


@client_app.command("list")
def list_clients(organisation: Organisation, database: DatabaseOption = USUAL) -> None:
    """Show the clients and API keys of an organisation; never their secrets."""
    with changing(database) as connection:
        found = organisations.credentials_of(connection, organisation)
    rows = [
        (one.id, one.kind, one.label, ", ".join(one.roles) or "all", one.created_at.text, str(one.expires_at or ""),
         "" if one.active else "off")
        for one in found
    ]  # fmt: skip
    show(f"Clients of {organisation}", ("id", "kind", "label", "roles", "made", "ends", ""), rows)


@client_app.command("switch")
def switch_client(
    client: Annotated[str, typer.Argument(help="Id of the client or API key.")],
    on: Annotated[bool, typer.Option("--on/--off", help="Let it be used, or not any more.")],
    database: DatabaseOption = USUAL,
) -> None:
    """Let a client or API key be used, or not any more; its tokens end with it."""
    with changing(database) as connection:
        credentials.switch(connection, client, active=on)
    typer.echo(f"{client} is {'on' if on else 'off'}")


@grant_app.command("add")
def add_grant(
    user: Annotated[str, typer.Option(help="Whose data.")],
    grantee: Annotated[str, typer.Option(help="Id of the organisation that may read it.")],
    valid_from: Annotated[str, typer.Option("--from", help="From when on, such as 2026-11-21T00:00:00Z.")],
    valid_until: Annotated[str, typer.Option("--until", help="Until when.")],
    kind: Annotated[list[str] | None, typer.Option(help="Kind of data; may be repeated. metering when absent.")] = None,
    reference: Annotated[str, typer.Option(help="Its reference; a new one when absent.")] = "",
    database: DatabaseOption = USUAL,
) -> None:
    """Enter a grant that the DSO has the end user's evidence of, and print its reference."""
    with changing(database) as connection:
        told = {"user": user, "grantee": grantee, "validFrom": valid_from, "validUntil": valid_until}
        kinds = {"kinds": tuple(kind or ("metering",)), "reference": reference or grants.new_reference("G")}
        one = Grant.model_validate(told | kinds)
        organisations.find(connection, grantee)
        if parties.unknown_users(connection, [user]):
            raise NotFoundError(f"there is no user {user}")
        grants.enter(connection, [one], now(), BY)
    typer.echo(one.reference)


@grant_app.command("list")
def list_grants(database: DatabaseOption = USUAL) -> None:
    """Show the grants that are in force now."""
    with changing(database) as connection:
        found = grants.in_force(connection, now())
    rows = [
        (one.reference, one.user, one.grantee, ", ".join(one.kinds), one.valid_from.text, one.valid_until.text)
        for one in found
    ]
    show("Grants in force", ("reference", "user", "grantee", "data", "from", "until"), rows)


@grant_app.command("revoke")
def revoke_grant(
    reference: Annotated[str, typer.Argument(help="The grant's reference.")],
    cause: Annotated[str, typer.Option(help="Why; it is kept.")],
    database: DatabaseOption = USUAL,
) -> None:
    """End a grant at once, everywhere."""
    with changing(database) as connection:
        row = store.find(connection, RECORDS.c.grant_reference == reference, lock=True)
        if row is None:
            raise NotFoundError(f"there is no grant {reference}")
        decisions.revoke(connection, row, now(), Cause(cause, BY))
    typer.echo(f"{reference} is revoked")


@key_app.command("rotate")
def rotate_key(database: DatabaseOption = USUAL) -> None:
    """Sign with a new key from now on; what the former one signed stays good until it expires.

    `GRIDLINGUA_KEY_PASSPHRASE` encrypts it, as it does in the services.
    """
    with changing(database) as connection:
        row = Tokens(BY, os.environ.get("GRIDLINGUA_KEY_PASSPHRASE", "")).rotate(connection, now())
    typer.echo(row["kid"])


@key_app.command("revoke")
def revoke_key(
    kid: Annotated[str, typer.Argument(help="Id of the key, as tokens and the key set name it.")],
    database: DatabaseOption = USUAL,
) -> None:
    """Let no token that this key signed be good any more: for a key that may be in wrong hands."""
    with changing(database) as connection:
        tokens.revoke(connection, kid, now())
    typer.echo(f"{kid} is revoked")


@admin_app.command("usage")
def show_usage(
    organisation: Annotated[str, typer.Option(help="Of this organisation alone.")] = "",
    since: Annotated[str, typer.Option(help="From this instant on, such as 2026-11-21T00:00:00Z.")] = "",
    last: Annotated[int, typer.Option(min=1, max=MOST, help="How many of the newest lines.")] = 100,
    database: DatabaseOption = USUAL,
) -> None:
    """Show the usage log: who did what on whose data, when, and how it ended."""
    begin = _instant(since) if since else None
    with changing(database) as connection:
        found = records.uses(connection, Window(last, 0), organisation or None, begin, newest=True)
    rows = [
        (one.at.text, one.organisation or one.knowledge_base or "nobody", one.operation, ", ".join(one.subjects),
         str(one.status))
        for one in reversed(found[:last])
    ]  # fmt: skip
    show("Usage", ("when", "who", "what", "whose data", "status"), rows)
