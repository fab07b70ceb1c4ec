"""The encoding of a text is found out by its words."""

import pytest

from treaty.imports.rules.encodings import likeliest

# Names, places and column names as they stand in files of these languages.
TEXTS = [
    ("cp1250", "name;city\nŁukasz Żak;Gdańsk\nPaweł Wójcik;Łódź\n"),
    ("cp1250", "Imię;Nazwisko;Miasto\nŁukasz;Żółć;Gdańsk\n"),
    ("cp1250", "jméno\nJiří Novák\nPraha\n"),
    ("cp1250", "név\nKovács Győző\nŐry Lászlóné\n"),
    ("cp1250", "name,city\nMüller,Łódź\n"),
    ("cp1250", "ime\nŽeljko Đorđić\n"),
    ("cp1251", "имя;город\nПётр Иванов;Москва\n"),
    ("cp1251", "name,city\nІван,Київ\n"),
    ("cp1251", "Name;E-mail\nАННА ЁЛКИНА;anna@example.ru\n"),
    ("cp1252", "name;city\nZoë Müller;Köln\nJosé Peña;Málaga\n"),
    ("cp1252", "name\nFrançois Lefèvre\nŒuvre\n"),
    ("cp1252", "n\nÅsa Øst\n"),
    ("cp1252", "Straße;Größe\n"),
    ("cp1252", "name,note\nAnn,“smart” – quoted €5\nJosé,x\n"),
    ("cp1252", "name;revenue\nPeter;500 €\nAnn;€1200\n"),
    ("cp1256", "الاسم;المدينة\nمحمد علي;القاهرة\n"),
    ("cp1256", "name,city\nفاطمة حسن,بغداد\n"),
    ("cp932", "氏名,会社\n山田太郎,株式会社テスト\n佐藤花子,営業部\n"),
    ("cp932", "name\n髙橋一郎\n"),
    ("cp932", "会社名,ﾌﾘｶﾞﾅ\n田中工業,ﾀﾅｶ\n"),
    ("gb18030", "姓名,公司\n张伟,北京科技有限公司\n"),
    ("gb18030", "name\n李娜\n"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_a_few_words_say_which_encoding_it_is(encoding: str, text: str) -> None:
    assert likeliest(text.encode(encoding)) == encoding


def test_a_sign_cut_off_at_the_end_does_not_matter() -> None:
    assert likeliest("姓名,公司\n张伟,北京科技有限公司".encode("gb18030")[:-1]) == "gb18030"


def test_bytes_that_no_text_holds_are_no_text() -> None:
    assert likeliest(b"name\n\xff\x81\x00\x8d\xff\n") is None
