"""Why a message is not accepted: the stable codes of receipts and parked messages, in Japanese for people."""

from collections.abc import Mapping
from typing import Final

MAX_BODY_BYTES: Final = 1024 * 1024
"""A message's body on the wire, encrypted, may have this many bytes at most."""

NOT_STORED: Final = "not_stored"
REACTION_FAILED: Final = "reaction_failed"

TOO_MANY_WAITING: Final = "too_many_waiting"
ASKED_AGAIN: Final = ("unknown_case", TOO_MANY_WAITING)
"""Codes of messages that were refused for now: the recipient may ask for them again, and takes them then."""

_UNKNOWN: Final[Mapping[str, str]] = {
    "unknown_case": "このケースをまだ知りません。ケースを開くイベントが届くと処理します",
    "unknown_sender": "差出人が名簿にまだ載っていません。名簿が届くと処理します",
    "unknown_key": "差出人の署名鍵が名簿にまだ載っていません。名簿が届くと処理します",
}

WAITING: Final[Mapping[str, str]] = {
    **_UNKNOWN,
    "unknown_party": "差出人か、書かれている事業所が、このケースに加わったことをまだ知りません。"
    "加わったことが届くと処理します",
    NOT_STORED: "保存の処理が失敗しました。管理者が原因を直して再試行するまで待機します",
}
"""Codes of messages that are kept. What is unknown is tried again for a day, what was not stored by a person."""

REFUSED: Final[Mapping[str, str]] = {
    "unknown_type": "この種類または版のイベントは取り決めにありません",
    "invalid_envelope": "封筒の項目が足りないか、誤っています",
    "invalid_field": "項目が足りないか、誤っています",
    "personal_in_clear": "個人情報の項目が開示情報に分けられていません",
    "disclosure_mismatch": "個人情報の開示情報が、署名された照合値と合いません",
    "sender_not_authorised": "この役割の差出人は、このイベントを送れません",
    "recipient_not_foreseen": "この役割の宛先は、このイベントの送り先ではありません",
    "insurer_not_trusted": "この保険者の名簿は、設定された信頼の起点にありません",
    "not_a_party": "差出人は、このケースの関係者ではありません",
    "speaks_for_another": "差出人とは別の事業所の行為として書かれています",
    "stranger_named": "このケースの関係者ではない事業所が書かれています",
    "case_opened_again": "このケースは別のイベントですでに開かれています。関係者を書き換えることはできません",
    "billing_not_entrusted": "請求する事業所から請求事務を委任されたことを確かめられない差出人です。"
    "請求する事業所に「請求事務を委任する」を行ってもらってから、再試行してください",
    "not_concerned": "この事業所の請求でも、この区への請求でもありません",
    "submission_differs": "この番号の提出は、別の事業所または別の区のものです",
    "person_erased": "このケースの個人情報は、保存期間の終了によりすでに消去されています",
    "previous_digest_mismatch": "前のメッセージの照合値が、受け取ったものと合いません",
    "event_differs": "同じ番号のイベントを、別の内容ですでに受け取っています",
    "too_large": f"大きさが上限（{MAX_BODY_BYTES // 1024} KiB）を超えています",
    "key_compromised": "漏えいの届けがある鍵で署名されています",
    TOO_MANY_WAITING: "知らないケースについて待機しているこの差出人のメッセージが上限に達しています。"
    "ケースを知った後、宛先の事業所が送り直しを頼みます",
    **_UNKNOWN,
}
"""Codes of authentic messages that are refused: the number is consumed and the receipt says the code.

What was unknown is refused when a day has passed, who is no party by then (``not_a_party``, ``stranger_named``), and a
message that waited when its key was compromised meanwhile."""

UNAUTHENTIC: Final[Mapping[str, str]] = {
    "unreadable": "読み取れません。壊れているか、この事業所宛てに暗号化されていません",
    "malformed": "封筒の宛先・通番を読み取れません",
    "forged_signature": "署名が正しくありません",
    "key_not_valid": "署名の日時に、この鍵は名簿で有効ではありません",
    "key_compromised": REFUSED["key_compromised"],
    "wrong_recipient": "ほかの事業所宛てのメッセージです",
    "training_mismatch": "研修モードと本番が混ざっています",
    "too_large": REFUSED["too_large"],
    "unknown_sender": _UNKNOWN["unknown_sender"],
    "unknown_key": _UNKNOWN["unknown_key"],
}
"""Codes of bodies that consume no number and get no receipt."""

ALARMS: Final[Mapping[str, str]] = {
    "number_reused": "すでに使われた通番で、別の内容のメッセージが届きました",
    "previous_digest_mismatch": REFUSED["previous_digest_mismatch"],
    "old_epoch": "通番を改める前の、知らないメッセージが届きました",
    "history_lost": "差出人が控えから復元され、受け取り済みのメッセージを失っています",
    "receipt_mismatch": "送ったものと照合値の合わない到達確認が届きました",
    "event_differs": REFUSED["event_differs"],
    "disclosures_unreadable": "送るイベントの個人情報を復号できません。データベースの控えから戻してください",
}
"""Codes of contradictions that a person must look at with the partner."""

TEXTS: Final[Mapping[str, str]] = {
    **UNAUTHENTIC,
    **ALARMS,
    **REFUSED,
    **WAITING,
    REACTION_FAILED: "受け取ったイベントは保存しましたが、自動の処理が失敗しました",
}
"""Every code with its Japanese text."""
