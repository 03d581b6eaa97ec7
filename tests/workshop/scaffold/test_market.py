"""Operations of real documents: UMEI and OpenADR, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Workshop

DOCUMENTS = Path(__file__).parents[4] / "shared/market/openapi"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents are not at hand")

UMEI = "umei-openapi.json"
OPENADR = "openadr3.yaml"


@pytest.mark.parametrize(
    ("document", "operation", "options", "says"),
    [
        (UMEI, "BaselineInterval_GetById", ("--drop", "/links"), "s4ener:hasUsage s4ener:BaseLine"),
        (UMEI, "Order_Create", (), "gl:Acknowledgement"),
        (UMEI, "FlexibilityZone_Update", (), "gl:GridZone"),
        (UMEI, "Trade_Search", ("--drop", "/links", "--drop", "/items/*/links", "--keep", "periodFrom"), "gl:Query"),
        (UMEI, "MeterReading_CreateMultiple", (), "s4ener:DataPoint"),
        (UMEI, "Portfolio_Delete", (), "gl:Acknowledgement"),
        (OPENADR, "listAllMqttNotifierTopicsVenEvents", (), "gl:Query"),
        (
            OPENADR,
            "searchSubscriptionByID",
            ("--drop", "/targets", "--drop", "/objectOperations/*/operations"),
            "gl:Subscription",
        ),
    ],
)
def test_a_real_operation_becomes_an_exchange_that_passes(
    workshop: Workshop, document: str, operation: str, options: tuple[str, ...], says: str
) -> None:
    name = operation.replace("_", "").lower()
    workshop.new(f"market/{name}", "--openapi", DOCUMENTS / document, "--operation", operation, *options)
    workshop.passes(f"market/{name}")
    folder = workshop.catalogue / "graph_patterns/market" / name
    assert says in " ".join(path.read_text() for path in folder.glob("*.rq"))


@pytest.mark.parametrize(
    ("document", "operation", "said"),
    [
        (UMEI, "Order_Search", "as in --drop /links"),
        (UMEI, "MeterReading_Import", "the request is multipart/form-data: an exchange carries JSON"),
        (OPENADR, "createVen", "holds bare numbers"),
        (OPENADR, "createEvent", "arrays beside each other (/targets and /reportDescriptors"),
    ],
)
def test_a_real_operation_that_rows_cannot_say_is_refused(
    workshop: Workshop, document: str, operation: str, said: str
) -> None:
    result = workshop.new("a/b", "--openapi", DOCUMENTS / document, "--operation", operation, status=1)
    assert said in " ".join(result.output.split())
    assert workshop.is_untouched()
