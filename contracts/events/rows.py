"""Groups of fields that several events share."""

from marshmallow import Schema

from contracts.codes import MONTH_OCCASIONS, PRICED_BY, SERVICE_ADDITIONS, SERVICE_KINDS, STATUSES
from contracts.definition import personal
from contracts.fields import Agency, Code, Count, Day, Text


class Certification(Schema):
    """The certification (認定) that the insured person's card states."""

    status = Code("状態区分", STATUSES)
    valid_from = Day("認定有効期間の開始")
    valid_to = Day("認定有効期間の終了")


class PlannedService(Schema):
    """One service of a plan; ``ends_on`` is null while open, ``per_week`` where nobody said how often.

    ``units`` are those planned a month, null where nobody said it (A-Q37).
    """

    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    starts_on = Day("開始日")
    ends_on = Day("終了日", null=True)
    per_week = Count("週の回数", required=False, null=True, least=1, help="総合事業の訪問型・通所型")
    units = Count("1月の計画単位数", required=False, null=True, help="限度額を超えるときに知らせます")


class UsedService(Schema):
    """One service as used in a month; ``last_used_on`` is set when it ended in that month."""

    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    units = Count("単位数", help="当月の実績単位数")
    last_used_on = Day("最終利用日", required=False, null=True)
    attended = Count("利用した回数", required=False, null=True)
    daily_units = Count(
        "日割りの1日あたりの単位数",
        required=False,
        null=True,
        least=1,
        help="日割りのコードで算定したとき。区分ごとに違うときは、日の早い順に行を分けます",
    )
    priced_by = Code("算定の単位", PRICED_BY, required=False, null=True)


class PlannedWeeks(Schema):
    """How often a week a project service was planned from ``first`` to ``last``, by the plan in force then (A-Q48a)."""

    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    first = Day("初めの日")
    last = Day("終わりの日")
    per_week = Count("週の回数", null=True, least=1)


class MonthOccasion(Schema):
    """What happened in a month: a contract that began or ended, days in a short stay or a hospital (A-Q47, A-Q61).

    ``first`` is null where the day is not known. A stay has both days, and no service: it touches all of them.
    """

    occasion = Code("出来事", MONTH_OCCASIONS)
    service = Code("サービス種類", SERVICE_KINDS, null=True, load_default=None, help="利用契約のとき")
    provider = Agency("サービス事業所", null=True, load_default=None, help="利用契約のとき")
    first = Day("日（入所・入院は初めの日）", null=True)
    last = Day("終わりの日", null=True, load_default=None, help="短期入所と入院のとき")


class ServiceAddition(Schema):
    """An addition in the units of a project service's month; ``daily_units`` where its code has a daily one (A-Q59)."""

    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    addition = Code("加算", SERVICE_ADDITIONS)
    units = Count("単位数", help="日割りのコードがあれば1月分")
    daily_units = Count(
        "日割りの1日あたりの単位数", null=True, load_default=None, help="コードがなければ空欄"
    )


class PersonOnForm(Schema):
    """The person's fields on a notification. A blank one is null; the desk returns such a form."""

    name = personal(Text("氏名", null=True, load_default=None))
    kana = personal(Text("フリガナ", null=True, load_default=None))
    birth_date = personal(Day("生年月日", null=True, load_default=None))
    insured_number = personal(Text("被保険者番号", null=True, longest=10, load_default=None))
    address = personal(Text("住所", null=True, load_default=None))
    telephone = personal(Text("電話番号", null=True, longest=20, load_default=None))
