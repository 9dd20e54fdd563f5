"""見本 はな's case, worked by hand in five windows: from the office's designation to the renewed certification.

What the demo plays (``toshima_model.yaml``) is done here as people do it: by links, labels and buttons.
"""

from tests.browser.toshima_steps import (
    ASSESSED,
    BILLING,
    BOTH,
    CENTRE,
    DAY_CENTRE,
    DAY_SERVICE,
    FIRST_ASSESSMENT,
    NAME,
    NUMBER,
    OFFICE,
    PERSON,
    RENTAL,
    RENTED,
    SHOP,
    Cast,
    agree_and_deliver,
    confirm,
    copy_plan,
    hold_meeting,
    month_is_closed,
    report,
    submit,
    visit,
    write_plan,
)
from tests.browser.town_by_hand import TownByHand


def whole_case(town: TownByHand) -> None:
    """T-02 to T-35: the agencies, the contracts, the form that came back, and two changes of type."""
    cast = Cast.of(town)
    agencies_are_ready(cast)
    both_contracts_are_signed(cast)
    a_notification_comes_back_and_is_corrected(cast)
    the_first_plan_is_made(cast)
    ten_weeks_pass(cast)
    the_walker_goes_back(cast)
    the_centre_files_what_it_kept(cast)
    a_month_is_worked_for_the_centre(cast)
    the_walker_comes_again(cast)
    the_certification_is_renewed(cast)


def agencies_are_ready(cast: Cast) -> None:
    """T-02, T-03, T-06: hearing, designation, taking part in the model, contracts between the agencies."""
    ward, office, centre = cast.insurance, cast.care_manager, cast.centre
    cast.town.day("2024-09-18")
    ward.goes_to("今日の仕事")
    ward.does("意見聴取を記録する", {"指定を受ける事業所": OFFICE})
    cast.town.day("2024-09-20")
    centre.goes_to("今日の仕事")
    centre.does("居宅との委託契約を記録する", {"居宅介護支援事業所": OFFICE, "契約期間の開始": "R6.10.1"})
    for each in (centre, office):
        each.goes_to("今日の仕事")
        each.does("請求事務を委任する", {"請求事務を行う事業所": BILLING, "開始日": "R6.10.1"})
    cast.town.day("2024-09-25")
    ward.goes_to("今日の仕事")
    designation = {"指定する事業所": OFFICE, "指定するサービス": "介護予防支援", "意見聴取の日": "R6.9.18"}
    ward.tries("介護予防支援の指定をする", {**designation, "指定日": "R7.2.17"})
    ward.sees("記録できませんでした")
    ward.fills({"指定日": "R6.10.1"})
    ward.presses("記録する")
    ward.sees("記録しました：介護予防支援の指定をする")
    ward.does(
        "モデル実施への参加を認める",
        {
            "参加する事業所": CENTRE,
            "モデル": "介護予防支援（居宅指定）モデル実施（2024年10月から）",
            "参加の開始日": "20241001",
        },
    )


def both_contracts_are_signed(cast: Cast) -> None:
    """T-07 to T-10: the office asks the centre, and both sign on the same day."""
    office, centre = cast.care_manager, cast.centre
    cast.town.day("2024-10-07")
    office.goes_to("利用者・ケース")
    office.does(
        "ケースを開く",
        {
            "保険者": "131169",
            "担当の地域包括支援センター": CENTRE,
            "連絡の了解を得た日": "R6.10.7",
            "状態区分": "要支援2",
            "認定有効期間の開始": "R6.9.12",
            "認定有効期間の終了": "R7.3.31",
            **PERSON,
            "性別": "女",
            "被保険者番号": NUMBER,
        },
    )
    office.does(
        "同時契約を包括に依頼する",
        {"契約の予定日": "令和6年10月10日", "連絡事項": "ご自宅で14時からの予定です"},
    )
    cast.town.day("2024-10-08")
    centre.goes_to("今日の仕事")
    assert "令和6年10月10日" in centre.row(NAME, "同時契約")
    centre.opens(NAME)
    centre.unfolds("内容を見る", "同時契約の依頼")
    centre.sees("ご自宅で14時からの予定です")
    centre.does("同時契約を承諾する", {"契約の予定日": "R6.10.10"})
    office.opens(NAME)
    office.sees("承諾　令和6年10月8日")
    cast.town.day("2024-10-10")
    signed = {
        "重要事項を説明した日": "R6.10.10",
        "個人情報使用の同意を得た日": "R6.10.10",
        "同時契約": True,
        "署名した人": "本人",
        "署名した人の氏名": NAME,
    }
    office.opens(NAME)
    office.does("契約を記録する", {**signed, "契約書": "介護予防支援利用契約書"})
    centre.opens(NAME)
    centre.does("契約を記録する", {**signed, "契約書": "介護予防支援・介護予防ケアマネジメント利用契約書"})


def a_notification_comes_back_and_is_corrected(cast: Cast) -> None:
    """T-12, T-17: the ward returns a form without the insured number, the office corrects it, the ward accepts."""
    office, centre, ward = cast.care_manager, cast.centre, cast.insurance
    office.opens(NAME)
    form = {**PERSON, "届出の理由": "初めての届出", "サービス開始年月日": "R6.10.21", "被保険者番号": ""}
    office.tries("届出書を提出する", form)
    office.sees("記録できませんでした", "自署")
    office.fills({"本人の自署": True})
    office.presses("記録する")
    office.sees("記録しました：届出書を提出する")
    centre.opens(NAME)
    centre.does("届出書を作成して保管する", {**PERSON, "被保険者番号": NUMBER, "本人の自署": True})
    cast.town.day("2024-10-11")
    cast.welfare.goes_to("窓口")
    ward.goes_to("窓口")
    assert "空欄 1か所" in ward.row(NAME, "届出書")
    ward.follows_in_row("確かめて決める", NAME, "届出書")
    ward.sees("同時契約", "受理できないところが 1つあります")
    ward.fills({"理由の説明": "被保険者番号を記入してください"})
    ward.presses("差し戻す")
    office.goes_to("今日の仕事")
    assert "記入もれ 被保険者番号 被保険者番号を記入してください" in office.row(
        NAME, "差戻し", "届出書", "豊島区"
    )
    office.opens(NAME)
    office.does("資料の閲覧を申請する", {"閲覧したい資料": ["認定調査票", "主治医意見書"]})
    cast.town.day("2024-10-15")
    office.does(
        "差し戻された届出書を訂正して提出する",
        {"被保険者番号": NUMBER, "サービス開始年月日": "R6.10.21", "本人の自署": True},
    )
    cast.town.day("2024-10-16")
    ward.goes_to("窓口")
    assert "2回目の提出" in ward.row(NAME, "届出書")
    ward.follows_in_row("確かめて決める", NAME, "届出書")
    ward.presses("受理する")
    for each in (office, centre):
        each.opens(NAME)
        each.sees("届出書の受理")
    office.goes_to("今日の仕事")
    office.misses("被保険者番号を記入してください")


def the_first_plan_is_made(cast: Cast) -> None:
    """T-18 to T-25: records, assessment, the plan on its sheets, meeting, consent, delivery, the centre's copy."""
    office, centre, ward = cast.care_manager, cast.centre, cast.insurance
    ward.goes_to("窓口")
    ward.follows_in_row("提供する", NAME, "資料の閲覧申請")
    sent = [
        {"資料": "認定調査票", "資料の日付": "R6.9.18"},
        {"資料": "主治医意見書", "資料の日付": "R6.9.17"},
    ]
    ward.fills({"資料": sent})
    ward.presses("記録する")
    ward.sees("記録しました：資料を提供する")
    office.opens(NAME)
    office.sees("資料の提供")
    office.does("アセスメントを記録する", FIRST_ASSESSMENT)
    office.tries("サービスの利用開始を記録する", {**RENTED, "利用の開始日": "R6.10.16"})
    office.sees("記録できませんでした", "計画")
    office.opens(NAME)
    write_plan(office)
    cast.town.day("2024-10-17")
    hold_meeting(office, "歩行器を使い、週1回の通所と毎日の散歩を続けることに合意した")
    cast.town.day("2024-10-18")
    office.opens(NAME)
    office.does("計画への同意を記録する", {"署名した人": "本人"})
    office.does("計画を交付する", {"交付した計画書": ["A表", "B表", "C表", "D表（週間計画表）"]})
    office.does("利用票を交付する", {"利用月": "令和6年10月", "交付の理由": "初回"})
    assert "令和6年10月23日" in office.row("計画書（写し）", "見本地域包括支援センター")
    office.does("計画書（写し）を包括に提出する", {"目標": "近所の公園まで一人で歩いて行く"})
    centre.opens(NAME)
    centre.sees("計画書（写し）の提出")
    centre.follows("計画")
    centre.sees("近所の公園まで一人で歩いて行く")


def ten_weeks_pass(cast: Cast) -> None:
    """T-28, T-32, T-33: services begin, the visits, the first month's use is billed with the initial addition."""
    office, biller = cast.care_manager, cast.biller
    cast.town.day("2024-10-22")
    office.opens(NAME)
    office.does("サービスの利用開始を記録する", {**RENTED, "利用の開始日": "R6.10.21"})
    office.does(
        "サービスの利用開始を記録する",
        {"サービス種類": DAY_SERVICE, "サービス事業所": DAY_CENTRE, "利用の開始日": "R6.10.22"},
    )
    cast.town.day("2024-10-30")
    visit(office, "R6.10", "居宅訪問", "自宅を訪問。歩行器の高さを調整した。")
    cast.town.day("2024-11-05")
    report(office, "R6.10", (RENTAL, SHOP, "250"), (DAY_SERVICE, DAY_CENTRE, "1810"))
    cast.town.day("2024-11-08")
    month_is_closed(biller, "令和6年10月")
    assert "8,800円" in biller.row(NAME)
    confirm(office, "令和6年10月", "8,800円")
    submit(biller, "R6.11", "見本居宅介護支援事業所", "国保連")
    cast.town.day("2024-11-20")
    visit(office, "R6.11", "面接（通所先など）", "通所先で面接。休まず通っている。")
    cast.town.day("2024-12-04")
    report(office, "R6.11", *BOTH)


def the_walker_goes_back(cast: Cast) -> None:
    """T-15, T-60, T-61: the last preventive benefit ends; on the same day the office reports the change of type."""
    office, centre = cast.care_manager, cast.centre
    cast.town.day("2024-12-18")
    visit(office, "R6.12", "居宅訪問", "歩行が安定し、年内に歩行器を返却する見込み。")
    office.follows("類型の変更")
    assert "できません" in office.row("ケアマネジメントA")
    cast.town.day("2024-12-27")
    office.opens(NAME)
    office.does(
        "サービスの利用終了を記録する",
        {**RENTED, "最終利用日": "R6.12.27", "終了の理由": "歩行が安定し、歩行器を返却した"},
    )
    office.follows("類型の変更")
    office.follows_in_row("どうなるかを見る", "ケアマネジメントA")
    office.sees("まだ何も記録していません", "令和7年1月1日")
    office.fills({"理由と状況": "福祉用具を返却し、1月から通所型サービスだけになるため"})
    office.presses("上の内容で変更する（類型の変更を報告する）")
    office.sees("記録しました")
    office.does(
        "支援経過記録を包括に提出する",
        {"支援経過記録": "12月27日 歩行器を返却。1月から通所だけになる。本人は通所の継続を希望。"},
    )
    office.does("利用票を交付する", {"利用月": "R7.1", "交付の理由": "変更"})
    centre.goes_to("今日の仕事")
    assert "令和7年1月31日" in centre.row(NAME, "保管していた届出書")


def the_centre_files_what_it_kept(cast: Cast) -> None:
    """T-16, T-60, T-68: the held form goes to 高齢者福祉課 with the day of the change; the office goes on."""
    office, centre, ward = cast.care_manager, cast.centre, cast.welfare
    cast.town.day("2025-01-06")
    centre.opens(NAME)
    centre.tries("保管していた届出書を提出する", {"受付日": "R7.1.6", "サービス開始年月日": "R7.1.6"})
    centre.sees("記録できませんでした", "令和7年1月1日")
    centre.fills({"サービス開始年月日": "R7.1.1"})
    centre.presses("記録する")
    centre.sees("記録しました：保管していた届出書を提出する")
    centre.does("居宅に委託する", {"委託の開始日": "R7.1.1", "類型": "介護予防ケアマネジメントA"})
    office.opens(NAME)
    office.does(
        "計画の軽微な変更を記録する",
        {
            "変更の内容": "類型・区分の変更（居宅指定から再委託）",
            "変更日": "R7.1.1",
            "変更の記録": "居宅指定から再委託へ。計画の内容は同じ。",
        },
    )
    report(office, "R6.12", *BOTH)
    cast.town.day("2025-01-07")
    ward.goes_to("窓口")
    ward.follows("高齢者福祉課 総合事業グループ")
    assert "介護予防ケアマネジメントA" in ward.row(NAME, "届出書")
    ward.follows_in_row("確かめて決める", NAME, "届出書")
    ward.presses("受理する")
    for each in (office, centre):
        each.opens(NAME)
        each.sees("受理　令和7年1月7日")


def a_month_is_worked_for_the_centre(cast: Cast) -> None:
    """T-32, decision 1: the entrusted office reports to the centre, which claims at the ward and pays the office."""
    office, centre, biller = cast.care_manager, cast.centre, cast.biller
    cast.town.day("2025-01-22")
    visit(office, "R7.1", "面接（通所先など）", "通所先で面接。屋内は杖で安定。")
    cast.town.day("2025-02-04")
    centre.goes_to("今日の仕事")
    assert "令和7年2月5日" in centre.row(NAME, "実績", "見本居宅介護支援事業所")
    report(office, "R7.1", (DAY_SERVICE, DAY_CENTRE, "3621"))
    centre.opens(NAME)
    centre.sees("実績報告")
    cast.town.day("2025-02-06")
    month_is_closed(biller, "令和7年1月")
    assert "8,458円 居宅 7,613円 包括 845円" in biller.row(NAME)
    confirm(centre, "令和7年1月", "8,458円")


def the_walker_comes_again(cast: Cast) -> None:
    """T-17, T-61, decisions 22 and 24: plan, meeting and consent first, then the benefit, then the change back."""
    office, centre, ward = cast.care_manager, cast.centre, cast.insurance
    cast.town.day("2025-02-19")
    visit(office, "R7.2", "居宅訪問", "屋外の歩行にまた不安。歩行器の再利用を相談。")
    cast.town.day("2025-02-26")
    office.opens(NAME)
    office.does("アセスメントを記録する", {**ASSESSED, "作成の理由": "変更"})
    copy_plan(office, "変更", "R7.3.3", "R7.3.31")
    office.opens(NAME)
    given = ["利用者基本情報", "基本チェックリスト", "アセスメント", "興味・関心チェックシート"]
    papers = [{"書類": each, "書類の日付": "R7.2.26"} for each in given]
    office.does("書類を渡す", {"渡す書類": papers, "原本・写し": "写し"})
    cast.town.day("2025-03-03")
    hold_meeting(office, "3月3日から歩行器をまた利用することに合意した")
    agree_and_deliver(office)
    office.does("サービスの利用開始を記録する", {**RENTED, "利用の開始日": "R7.3.3"})
    office.follows("類型の変更")
    office.follows_in_row("どうなるかを見る", "介護予防支援")
    office.fills({"理由と状況": "3月3日から福祉用具貸与を再開し、3月は介護予防支援になるため"})
    office.presses("上の内容で変更する（類型の変更を報告する）")
    office.sees("記録しました")
    office.does("利用票を交付する", {"利用月": "R7.3", "交付の理由": "変更"})
    form = {
        **PERSON,
        "届出の理由": "介護予防支援への変更",
        "サービス開始年月日": "R7.3.1",
        "被保険者番号": NUMBER,
    }
    office.does("届出書を提出する", form)
    cast.town.day("2025-03-04")
    ward.goes_to("窓口")
    ward.follows_in_row("確かめて決める", NAME, "届出書")
    ward.presses("受理する")
    report(office, "R7.2", (DAY_SERVICE, DAY_CENTRE, "3621"))
    office.does(
        "原本を包括に返却する", {"返却する原本": ["モニタリングの記録", "経過記録", "利用票", *given]}
    )
    centre.goes_to("今日の仕事")
    centre.misses("原本を包括に")


def the_certification_is_renewed(cast: Cast) -> None:
    """T-24, T-27: the ward's result reaches everybody; evaluation, assessment, plan and meeting follow."""
    office, centre, ward = cast.care_manager, cast.centre, cast.insurance
    cast.town.day("2025-03-19")
    visit(office, "R7.3", "居宅訪問", "歩行器を使い、公園まで一人で歩けるようになった。")
    cast.town.day("2025-03-21")
    ward.opens(NAME)
    result = {"申請の種類": "更新", "状態区分": "要支援2", "申請日": "R7.2.10"}
    period = {"認定有効期間の開始": "R7.4.1", "認定有効期間の終了": "R8.3.31"}
    ward.does("認定結果を知らせる", {**result, **period})
    for each in (centre, office):
        each.opens(NAME)
        each.sees("要支援2（令和7年4月1日から令和8年3月31日まで）")
    cast.town.day("2025-03-24")
    office.follows("計画を評価する")
    office.fills(
        {
            "計画作成者氏名": "見本 花子",
            "1行目 目標達成状況": "歩行器で公園まで週2回歩いている",
            "1行目 目標達成／未達成": "○ 達成",
            "1行目 今後の方針": "友人と駅前まで出かけることを次の目標にする",
            "プランの継続・変更・終了": "プラン継続",
            "総合的な方針": "歩行器での外出を続け、人との交流を増やす",
            "今後のサービス": ["予防給付", "介護予防・生活支援サービス事業"],
            "評価の内容（全体）": "目標をおおむね達成した。",
        }
    )
    office.presses("評価を記録する")
    office.sees("記録しました")
    office.opens(NAME)
    office.does("アセスメントを記録する", {**ASSESSED, "作成の理由": "更新"})
    copy_plan(office, "更新", "R7.4.1", "R8.3.31")
    cast.town.day("2025-03-27")
    hold_meeting(office, "今のサービスを1年続けることに合意した")
    agree_and_deliver(office)
    office.does("計画書（写し）を包括に提出する", {"目標": "友人と駅前まで出かける"})
