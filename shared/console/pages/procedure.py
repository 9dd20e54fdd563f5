"""手順と問い合わせ先: whose recommendation we follow, in which version, and whom to ask (T-05, T-70)."""

from flask import Blueprint, render_template

from shared.console.frame import node
from shared.policy.procedure import Procedure, procedure_on, value_text

blueprint = Blueprint("procedure", __name__)


@blueprint.get("/procedure")
def page() -> str:
    """The procedure of each insurer whose directory this node knows, on the business date."""
    return render_template("procedure.html", procedures=known_procedures(), value_text=value_text)


def known_procedures() -> list[Procedure]:
    """The procedures that have been published by the insurers of this node's partners, on the business date."""
    listed = {each.insurer for each in node().situation().agency.listings.values()}
    insurers = sorted({*node().config.trust, *listed})
    today = node().today()
    return [found for each in insurers if (found := procedure_on(each, today)) is not None]
