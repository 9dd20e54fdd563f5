"""Events that never leave their node: what the node itself records in its log."""

from marshmallow import Schema, fields, validate

from contracts.definition import EventType


class LogOpenedSchema(Schema):
    """The first row of a log: whose it is, and whether it is for training."""

    agency = fields.String(required=True)
    role = fields.String(required=True)
    training = fields.Boolean(required=True)
    format = fields.Integer(required=True, validate=validate.Equal(1))


class ReceiptReceivedSchema(Schema):
    """A partner's signed receipt; its bytes are the row's ``origin``."""

    partner = fields.String(required=True)
    epoch = fields.Integer(required=True)
    answers = fields.List(fields.Dict(), required=True)
    head = fields.Dict(required=True)


class PersonErasedSchema(Schema):
    """The key of this case's person was destroyed here, because this agency's retention ended."""

    reason = fields.String(required=True, validate=validate.OneOf(["retention_ended", "training_ended"]))


class EpochRaisedSchema(Schema):
    """Numbering restarts after the log was restored from a backup."""

    epoch = fields.Integer(required=True)
    last_known = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


NODE_EVENTS = {
    each.name: each
    for each in (
        EventType("LogOpened", 1, LogOpenedSchema, "node", "ログの開始"),
        EventType("ReceiptReceived", 1, ReceiptReceivedSchema, "node", "到達確認の受領"),
        EventType("PersonErased", 1, PersonErasedSchema, "case", "個人情報の消去"),
        EventType("EpochRaised", 1, EpochRaisedSchema, "node", "通番の再開"),
    )
}
"""Type name → type, for every node."""
