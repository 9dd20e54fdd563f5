"""What people and vendors may ask of a billing desk's node."""

from marshmallow import Schema

from contracts.fields import Month


class DraftClaim(Schema):
    service_month = Month("サービス提供月")
    examination_month = Month("審査月", null=True, load_default=None, help="空欄ならサービス提供月の翌月")
