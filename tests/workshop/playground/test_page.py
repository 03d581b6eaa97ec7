"""The playground in a real browser: what is typed is answered, with mouse or keyboard, on any screen, offline."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridlingua.catalogue import Content, shipped
from gridlingua.semantics.schema import read_json, write_json

from .browser import Page
from .conftest import Playground

Open = Callable[..., Page]

MESSAGE = "document.getElementById('message-text')"
OFFERS = "flexibility/offers"


def choose(page: Page, what: str, value: str) -> None:
    """Take an entry of a list, as its user does."""
    script = f"const s = document.getElementById('{what}'); s.value = {json.dumps(value)};"
    page.value(f"{{ {script} s.dispatchEvent(new Event('change')); }}")
    page.until(f"document.getElementById('{what}').value === {json.dumps(value)}")
    page.answered()


def fragment(**state: Any) -> str:
    """The fragment of a link to a state: JSON, deflated, in base64 for addresses."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(json.dumps(state).encode()) + packer.flush()
    return "#1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def offers(
    opened: Open,
    playground: Playground,
    case: str = "example/one_meter_of_a_night",
    part: str = "request",
    **screen: Any,
) -> Page:
    """The page, opened at a case of the offers."""
    kind, _, name = case.partition("/")
    file = shipped().patterns / OFFERS / f"{kind}s" / f"{name}.json"
    messages = read_json(file.read_text("utf-8"))
    texts = {one: write_json(messages[one], indent=2) if one in messages else "" for one in ("request", "reply")}
    state = {"exchange": OFFERS, "profile": "saref4", "part": part, "case": case, "patterns": {}, **texts}
    return opened(playground.url + fragment(**state), **screen)


def write(page: Page, old: str, new: str, area: str = "message-text") -> None:
    """Replace a text in a text area by typing over it."""
    page.value(
        f"{{ const a = document.getElementById('{area}'); a.focus(); const at = a.value.indexOf({json.dumps(old)});"
        f" if (at < 0) throw new Error('not there: ' + a.value); a.setSelectionRange(at, at + {len(old)}); }}"
    )
    page.type(new)
    page.answered()


def selected(page: Page, area: str = "message-text") -> str:
    """What is selected in a text area that has the focus."""
    return str(
        page.value(
            f"(() => {{ const a = document.getElementById('{area}');"
            " return document.activeElement === a ? a.value.slice(a.selectionStart, a.selectionEnd) : 'no focus'; })()"
        )
    )


def lit(page: Page, panel: str) -> list[str]:
    """What is lit up in a panel."""
    found: list[str] = page.value(f"[...document.querySelectorAll('#{panel} .lit')].map((one) => one.textContent)")
    return found


def test_typing_changes_rows_turtle_and_verdict(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    assert "SHACL accepts it" in page.text("#verdict")
    write(page, '"offer": 38.4', '"offer": 21.5')
    assert '"21.5"' in page.text("#rows-body")
    assert 'saref:hasValue "21.5"^^xsd:decimal' in page.text("#turtle-body")
    write(page, '"kW"', '"kWh"')
    assert "The unit must be one of power" in page.text("#verdict-body")
    assert "SHACL refuses it" in page.text("#verdict-body")
    write(page, '"kWh"', '"kW"')
    assert "SHACL accepts it" in page.text("#verdict-body")


def test_each_step_that_refuses_says_so(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    rows = page.text("#rows-body")
    write(page, '"offer": 38.4', '"offer": twenty')
    assert "This is not JSON" in page.text("#verdict-body")
    assert page.text("#rows-body") == rows, "the rows of before stay, faintly"
    assert page.value("document.getElementById('rows').classList.contains('stale')")
    write(page, "twenty", '"twenty"')
    assert "The schema of the request refuses it" in page.text("#verdict-body")
    assert "is not allowed, it must be a number" in page.text("#verdict-body")
    write(page, '"twenty"', "-20")
    assert "SHACL refuses it" in page.text("#verdict-body")


def test_a_reject_shows_its_sentence_and_leads_to_its_field(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy")
    assert "The unit must be one of power" in page.text("#verdict-body")
    assert "As rejects/unit_of_energy.txt says." in page.text("#verdict-body")
    assert page.value("document.querySelector('#message .paint .wrong').textContent") == '"kWh"'
    page.point(".faults button", "click")
    assert selected(page) == '"kWh"'


def test_a_refused_reply_is_shown_as_the_reply(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    choose(page, "case", "reject/acknowledges_another_offer")
    assert page.value("document.querySelector('input[name=part]:checked').value") == "reply"
    assert "is not what the request was about" in page.text("#verdict-body")
    page.point(".faults button", "click")
    assert selected(page).startswith('"')


def test_a_reply_is_lifted_with_its_request(playground: Playground, opened: Open) -> None:
    page = opened(playground.url)
    assert "?from" in page.text("#rows-body"), "the reply of an ask says what it was asked"
    page.value("document.getElementById('asked').open = true")
    write(page, "startTime", "startTimes", "asked-text")
    assert "The request that it answers is refused" in page.text("#verdict-body")
    assert page.value("document.getElementById('asked').classList.contains('wrong')")


def test_the_keyboard_alone_does_it_all(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    page.shortcut("E")
    assert page.value("document.activeElement.id") == "case"
    choose(page, "case", "reject/unit_of_energy")
    page.shortcut("V")
    assert page.value("document.activeElement.id") == "verdict"
    page.press("Tab")
    assert page.text(":focus") == "/0/measurementUnit"
    page.press("Enter")
    assert selected(page) == '"kWh"'
    page.type('"kW"')
    page.answered()
    assert "SHACL accepts it" in page.text("#verdict-body")
    page.shortcut("R")
    page.press("ArrowDown")
    page.press("ArrowRight")
    assert (
        page.value("document.activeElement.dataset.variable") == lit(page, "fields")[0].split("?")[1].split("string")[0]
    )
    page.press("Enter")
    assert page.value("document.activeElement.id") == "message-text"
    page.press("Tab")
    assert page.value("document.activeElement.id") != "message-text", "Tab leaves the text"
    page.shortcut("M")
    page.shortcut("M")
    page.until("document.querySelector('input[name=part]:checked').value === 'reply'")


def test_the_first_key_skips_to_the_message(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    before = page.value("location.hash")
    page.press("Tab")
    assert page.text(":focus") == "Skip to the message"
    page.press("Enter")
    assert page.value("document.activeElement.id") == "message-text"
    assert page.value("location.hash") == before, "what is shared stays in the address"


def test_keys_lead_from_fault_to_fault(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    write(page, '"offer": 38.4', '"offer": "a"')
    write(page, '"price": 0.062', '"price": "b"')
    places = []
    for _ in range(3):
        page.press("F8")
        places.append(selected(page))
    assert places[0] == places[2] != places[1]
    assert {*places} == {'"a"', '"b"'}


def test_pointing_at_a_field_lights_it_up_everywhere(playground: Playground, opened: Open) -> None:
    page = opened(playground.url)
    page.point("#message-editor .paint [data-link='/0/needs']", n=1)
    assert lit(page, "message") == ['"needs"', "100"]
    assert set(lit(page, "pattern")) == {"?quantity"}
    assert lit(page, "drawing") == ["?quantity"]
    assert lit(page, "turtle") == ['"100"^^xsd:decimal']
    assert set(lit(page, "rows")) == {'"100"'}
    assert "/*/needs" in lit(page, "fields")[0]
    page.point("#turtle-title")
    assert not lit(page, "pattern")


PLACES = (
    "#drawing [data-term='?direction'] rect",
    "#pattern .paint [data-link='direction']",
    "#rows td[data-variable='direction']",
    "#turtle [data-variable='direction']",
    "#fields [data-variable='direction'] td",
)


def test_pointing_at_a_variable_lights_up_its_field(playground: Playground, opened: Open) -> None:
    page = opened(playground.url)
    for place in PLACES:
        page.value("{ const a = document.getElementById('pattern-text'); a.scrollTo(300, a.scrollHeight / 2); }")
        page.value(f"document.querySelector({json.dumps(place)}).scrollIntoView({{block: 'center', inline: 'center'}})")
        page.value("new Promise((done) => setTimeout(done, 100))")
        page.point(place)
        assert '"direction"' in lit(page, "message"), place
        assert "?direction" in lit(page, "drawing"), place
        page.point("h1")
        assert lit(page, "message") == []


def test_a_click_on_a_row_leads_to_the_field(playground: Playground, opened: Open) -> None:
    page = opened(playground.url)
    page.point("#rows td[data-variable='requestId']", "click", n=2)
    assert selected(page) == page.value("document.querySelectorAll('#rows td[data-variable=requestId]')[2].textContent")


def test_what_checks_find_in_an_edited_pattern_is_told(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    write(page, "saref:hasValue", "saref:hasValeu", "pattern-text")
    assert "saref:hasValeu is in no ontology in use: did you mean saref:hasValue" in page.text("#findings")
    assert "saref:hasValeu" in page.text("#turtle-body"), "what it still lifts to is shown"
    page.point("#findings summary", "click")
    assert "32 of 93 public patterns" in page.text("#findings details")
    page.point("#findings button", "click")
    assert "saref:hasValeu" in selected(page, "pattern-text")
    write(page, "saref:hasValeu", "saref:", "pattern-text")
    assert "line" in page.text("#findings")
    page.point("#pattern-reset", "click")
    page.answered()
    assert not page.text("#findings")
    assert "SHACL accepts it" in page.text("#verdict-body")


def test_a_pattern_that_loses_a_field_is_told(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    write(page, "?quantity", "?amount", "pattern-text")
    assert "?amount is neither a field nor a node" in page.text("#findings")
    assert "the request field ?quantity is in no triple" in page.text("#findings")
    assert "Neither a field nor a node fills ?amount" in page.text("#verdict-body")


def test_a_link_carries_everything_to_another_browser(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    write(page, '"offer": 38.4', '"offer": 77')
    write(page, "?quantity", "?amount", "pattern-text")
    page.shortcut("L")
    page.until("/The link is copied|The address bar has the link/.test(document.getElementById('notice').innerText)")
    url = page.value("location.href")
    other = opened(url)
    for area in ("message-text", "pattern-text"):
        value = f"document.getElementById('{area}').value"
        assert other.value(value) == page.value(value)
    assert other.text("#verdict-body") == page.text("#verdict-body")
    assert other.value("document.getElementById('exchange').value") == OFFERS
    assert not [one for one in other.requests if "#" not in one and url.partition("#")[2] in one]


def test_back_and_forward_go_through_what_was_chosen(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    write(page, '"offer": 38.4', '"offer": 78')
    choose(page, "case", "reject/price_below_zero")
    page.until("history.length > 2")
    page.value("history.back()")
    page.until(f"{MESSAGE}.value.includes('78')")
    page.answered()
    assert "SHACL accepts it" in page.text("#verdict-body")
    page.value("history.forward()")
    page.until("document.getElementById('case').value === 'reject/price_below_zero'")


def test_a_broken_link_is_told(playground: Playground, opened: Open) -> None:
    whole = fragment(
        exchange="flexibility/needs", profile="saref4", part="reply", case="", request="[", reply="", patterns={}
    )
    page = opened(playground.url + whole[:-9])
    assert "This link is damaged: it was cut off or changed on its way. The page begins anew." in page.text("#notice")
    assert "SHACL accepts it" in page.text("#verdict-body")
    for broken, said in (
        ("#1.%%%", "is damaged"),
        ("#7.abc", "of another version"),
        ("#nonsense", "of another version"),
        (fragment(exchange=3), "is damaged"),
    ):
        page.value("document.querySelector('#notice button').click()")
        page.value(f"location.hash = {json.dumps(broken)}")
        page.until(f"document.getElementById('notice').innerText.includes({json.dumps(said)})")
        assert "shows what it showed before" in page.text("#notice")


def test_a_link_about_an_exchange_that_is_not_here_is_told(playground: Playground, opened: Open) -> None:
    gone = fragment(exchange="no/where", profile="saref4", part="reply", case="", request="{}", reply="", patterns={})
    page = opened(playground.url + gone)
    page.expected.append("422")
    assert "The link is about no/where, which is not in this catalogue." in page.text("#notice")
    assert "SHACL accepts it" in page.text("#verdict-body")


def test_what_is_too_long_for_a_link_is_told(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    page.value(f"{MESSAGE}.focus(); {MESSAGE}.select()")
    noise = "Array.from(crypto.getRandomValues(new Uint8Array(40000)), (n) => n.toString(36)).join('')"
    page.value(f"{{ {MESSAGE}.value = JSON.stringify({noise}); {MESSAGE}.dispatchEvent(new Event('input')); }}")
    page.until("document.getElementById('notice').innerText.includes('too much for a link')")


def test_a_message_of_many_levels_breaks_nothing(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    page.value(f"{{ {MESSAGE}.value = '['.repeat(90000); {MESSAGE}.dispatchEvent(new Event('input')); }}")
    page.answered()
    assert "This is not JSON" in page.text("#verdict-body")


OUTSIDE = """[...document.querySelectorAll('button, select, h1, h2, .panel, .body, .headline, .faults li')]
    .filter((one) => one.offsetParent && getComputedStyle(one).visibility !== 'hidden')
    .filter((one) => { const r = one.getBoundingClientRect(); return !one.closest('#fields-body, #rows-body')
        && (r.left < 0 || r.right > innerWidth + 1 || r.width === 0); })
    .map((one) => one.outerHTML.slice(0, 80))"""
SMALL = """[...document.querySelectorAll('button, select, .parts label')].filter((one) => one.offsetParent)
    .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML.slice(0, 80))"""


def test_nothing_is_cut_off_on_any_screen(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy")
    for width, height in ((320, 640), (360, 740), (640, 400), (900, 1100), (1280, 800), (1920, 1080)):
        page.resize(width, height)
        assert page.value("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.value(OUTSIDE) == [], width
        assert page.value(SMALL) == [], "WCAG 2.2, 2.5.8: targets of 24 px"


def test_a_narrow_screen_has_message_and_verdict_together(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy", width=360, height=740)
    page.value("document.getElementById('message').scrollIntoView()")
    assert page.value("document.querySelector('.headline').getBoundingClientRect().bottom < innerHeight")
    page.point(".faults button", "click")
    assert selected(page) == '"kWh"'
    assert page.value(f"{MESSAGE}.getBoundingClientRect().top < innerHeight")


def test_every_text_can_be_read_in_light_and_dark(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy")
    write(page, "saref:hasValue", "saref:hasValeu", "pattern-text")
    page.value("document.getElementById('message-text').focus()")
    for scheme in ("light", "dark"):
        page.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
        assert page.value((Path(__file__).parent / "contrast.js").read_text("utf-8")) == [], scheme


def test_every_control_has_a_name(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy")
    roles = {
        "button",
        "textbox",
        "combobox",
        "radio",
        "link",
        "grid",
        "region",
        "DisclosureTriangle",
        "dialog",
    }
    nodes: list[dict[str, Any]] = page.call("Accessibility.getFullAXTree")["nodes"]
    shown = [one for one in nodes if not one.get("ignored") and one.get("role", {}).get("value") in roles]
    assert len(shown) > 20
    assert [one for one in shown if not one.get("name", {}).get("value", "").strip()] == []
    names = [one["name"]["value"] for one in shown if one["role"]["value"] == "region"]
    assert {"Message", "Verdict", "Pattern", "Drawing", "Rows", "Turtle", "What filled what"} <= set(names)
    assert page.value(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);"
        " return ids.length === new Set(ids).size; })()"
    )


def test_the_verdict_is_read_out(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy")
    region = "document.getElementById('announcement')"
    assert page.value(f"{region}.getAttribute('aria-live')") == "polite"
    page.until(
        f"{region}.textContent.includes('SHACL refuses it') && {region}.textContent.includes('unit of')"
        f" || {region}.textContent.includes('one of power')"
    )


def test_nothing_moves_for_who_wants_it_still(playground: Playground, opened: Open) -> None:
    page = opened(playground.url)
    page.prefer(prefers_reduced_motion="reduce")
    page.until("document.getAnimations().length === 0")
    page.value("document.body.classList.add('busy')")
    assert page.value("document.getAnimations().length") == 0


def test_a_panel_is_enlarged_and_made_small_again(playground: Playground, opened: Open) -> None:
    page = opened(playground.url)
    small = page.value("document.getElementById('drawing').offsetWidth")
    page.point("#drawing .enlarge", "click")
    assert page.value("document.getElementById('drawing').offsetWidth") > 1.5 * small
    page.press("Escape")
    assert page.value("document.getElementById('drawing').offsetWidth") == small


def test_nobody_but_the_own_server_is_asked(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground, "reject/unit_of_energy")
    write(page, '"kWh"', '"kW"')
    strangers = [one for one in page.requests if not one.startswith(playground.url)]
    assert strangers == []
    assert len(page.requests) > 20


def test_an_older_answer_never_replaces_a_newer(playground: Playground, opened: Open) -> None:
    page = offers(opened, playground)
    page.value(
        """{ const ask = window.fetch; let first = true; window.seen = [];
        window.fetch = (...given) => {
          if (!first || !given[0].includes('reading')) return ask(...given);
          first = false;
          return new Promise((done) => { window.release = () => done(ask(...given)); });
        };
        new MutationObserver(() => window.seen.push(document.getElementById('rows-body').innerText))
          .observe(document.getElementById('rows-body'), { childList: true }); }"""
    )
    type_over = f'{{ {MESSAGE}.value = {MESSAGE}.value.replace(/"offer": [0-9.]+/, \'"offer": %d\');'
    type_over += f" {MESSAGE}.dispatchEvent(new Event('input')); }}"
    page.value(type_over % 41)
    page.until("Boolean(window.release)")
    page.value(type_over % 42)
    page.value("window.release()")
    page.answered()
    assert '"42"' in page.text("#rows-body")
    assert not [one for one in page.value("window.seen") if '"41"' in one]


def test_a_server_that_has_gone_is_told_and_found_again(own: Content, opened: Open) -> None:
    first = Playground("--port", "0", "--catalogue", str(own.root))
    page = opened(first.url)
    page.expected += ["ERR_CONNECTION", "Failed to load resource"]
    first.stop()
    write_only = (
        f"{{ {MESSAGE}.value = {MESSAGE}.value.replace('100', '23'); {MESSAGE}.dispatchEvent(new Event('input')); }}"
    )
    page.value(write_only)
    page.until("document.getElementById('notice').innerText.includes('cannot be reached')")
    assert "23" in page.value(f"{MESSAGE}.value"), "nothing that was typed is lost"
    second = Playground("--port", first.port, "--catalogue", str(own.root))
    page.until(
        "document.getElementById('notice').hidden && document.getElementById('rows-body').innerText.includes('23')"
    )
    second.stop()


def test_a_private_catalogue_is_read_again_where_it_is_edited(own: Content, opened: Open) -> None:
    running = Playground("--port", "0", "--catalogue", str(own.root))
    page = opened(running.url)
    page.expected += ["422", "ERR_CONNECTION"]
    assert page.value("document.querySelectorAll('#exchange option').length") == 1
    choose(page, "case", "reject/unit_of_energy")
    shape = own.shapes / "flexibility" / "offers.ttl"
    files = [shape, *(own.shapes / "concepts").glob("*.ttl")]
    for file in files:
        file.write_text(file.read_text("utf-8").replace("The unit must be one of power", "Say a power"), "utf-8")
    page.until("document.getElementById('verdict-body').innerText.includes('Say a power')")
    assert "was changed on disk and is read again" in page.text("#notice")
    (own.patterns / OFFERS / "exchange.yaml").write_text("kind: [", "utf-8")
    page.until("document.getElementById('notice').innerText.includes('exchange.yaml:')")
    running.stop()
