"""Bytes against what is said of them."""

from __future__ import annotations

import pickle
import random
import zlib
from pathlib import Path

import pytest

from ingest.load import Record, Refusal, load
from ingest.load.decode import decode_bytes
from ingest.load.record import Note
from rag.errors import InputError

GERMAN = "Die Bürgermeisterin von Köln sagte, die größere Brücke werde am Montag für Züge geöffnet."
ENGLISH = "“It’s late,” said the keeper. A day’s toll of £7,500 won’t pay for it – not for half of the café…"
FRENCH = "L’été à Évreux, où l’on a élu le maire : « ça va », dit-il. CAFÉ DE L’ŒUVRE."
SPANISH = "¿Qué pasó en la plaza? ¡Año nuevo!, dijo el 3º señor."
RUSSIAN = "Мэр города открыл новый мост в понедельник, сообщила газета. Движение начнётся завтра."
JAPANESE = "市長は月曜日に新しい橋を開通させたと新聞が報じた。"


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "windows-1251", "shift_jis", "no-such-encoding", "utf-16"])
def test_valid_utf_8_is_utf_8_whatever_is_declared(declared: str) -> None:
    assert decode_bytes(GERMAN.encode(), (declared,)) == (GERMAN, None)
    assert decode_bytes(b"\xef\xbb\xbf" + GERMAN.encode(), (declared,)) == (GERMAN, None)


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (ENGLISH, "cp1252", "iso-8859-1"),
        ("Źródło: żółta łódź „Ślad” w Łodzi.", "cp1250", "iso-8859-2"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "cp932", "shift_jis"),
        ("市长星期一开通了新桥。", "gb18030", "gb2312"),
    ],
)
def test_else_a_declaration_that_decodes_cleanly_counts(text: str, encoding: str, declared: str) -> None:
    assert decode_bytes(text.encode(encoding), (None, declared)) == (text, None)


@pytest.mark.parametrize(
    "text", [GERMAN, ENGLISH, FRENCH, SPANISH, "Tolls rise to £9 in June.", "A swim at 20 °C, then 5 ½ miles."]
)
@pytest.mark.parametrize("declared", [(), ("utf-8",)])
def test_else_western_text_is_windows_1252_and_that_is_noted(text: str, declared: tuple[str, ...]) -> None:
    found, note = decode_bytes(text.encode("cp1252"), declared)
    assert (found, note and note.code, note and note.lost) == (text, "encoding-guessed", False)


def test_other_scripts_are_guessed_or_refused_and_never_read_as_western() -> None:
    assert decode_bytes((RUSSIAN * 3).encode("cp1251"))[0] == RUSSIAN * 3
    for raw in (RUSSIAN.encode("koi8-r"), "市长星期一开通了新桥，报纸报道说。".encode("gbk")):
        try:
            found, _ = decode_bytes(raw)
        except InputError as error:
            assert "convert it to UTF-8" in str(error)  # noqa: PT017
        else:
            assert found in (RUSSIAN, "市长星期一开通了新桥，报纸报道说。")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Maják na mysu v pondělí zhasl, protože se k němu dostala mořská voda, řekla strážkyně; škoda je veliká.", "cp1250"),
        ("Latarnia zgasła w poniedziałek, ponieważ słona woda dostała się do agregatu, powiedziała strażniczka.", "iso8859-2"),
        ("A torony hétfőn kialudt, mert a tengervíz elérte a generátort, közölte az őr; a tűz sötét.", "cp1250"),
        ("Svetilnik je v ponedeljek ugasnil, je rekla čuvajka; popravilo bo drago, še bolj pa čas, žal.", "iso8859-2"),
        ("Fener pazartesi söndü, çünkü tuzlu su jeneratöre ulaştı, dedi bekçi; ışık üç hafta yok.", "cp1254"),
        ("Die Öfen bleiben kalt, sagte Jörg Müßig über den Citroën von Zoë Größe.", "cp1252"),
        ("A direção não deu explicações; três irmãos já estão à procura de opções, avó e crianças também.", "cp1252"),
        ("El niño que vio la señal dijo: «¿Dónde está el faro?» y añadió que mañana volverá.", "mac_roman"),
        (
            "The goals were scored by Ødegaard, Müller, Peña, João and Çelik, and the match was over, said Šimon of the club.",
            "cp1252",
        ),
    ],
)
def test_languages_tell_their_encodings_apart_by_their_letters(text: str, encoding: str) -> None:
    found, note = decode_bytes(text.encode(encoding))
    assert (found, note and note.code) == (text, "encoding-guessed")


@pytest.mark.parametrize("more", ["", " Remontas kainuos daug."])
def test_letters_of_another_language_are_read_as_its_own_or_refused(more: str) -> None:
    text = f"Švyturys užgeso pirmadienį, nes sūrus vanduo pasiekė generatorių, sakė sargė; žiūrėsime ąžuolą.{more}"
    try:
        found, _ = decode_bytes(text.encode("cp1257"))
    except InputError:
        return
    assert found == text


def test_a_stray_byte_spoils_nothing_but_itself() -> None:
    text, note = decode_bytes(GERMAN.encode() + b" \x93caf\xe9\x94")
    assert text == GERMAN + " “café”"
    assert note
    assert note.code == "encoding-guessed"
    assert decode_bytes(b"A plain story of the harbour. caf\xe9")[0].endswith("café")
    lost = decode_bytes(GERMAN.encode() + b"\x81")[1]
    assert lost
    assert (lost.code, lost.lost) == ("characters-lost", True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str, tmp_path: Path) -> None:
    assert decode_bytes(ENGLISH.encode(encoding), ("utf-8",))[0] == ENGLISH
    words = "".join(f"<p>The keeper of lock {n} said that boats may pass again from Monday on.</p>" for n in range(9))
    page = tmp_path / "page.html"
    page.write_bytes(f"<html><head><title>Locks</title></head><body><article>{words}</article></body></html>".encode(encoding))
    (found,) = load(page)
    assert isinstance(found, Record)
    assert found.text.startswith("The keeper of lock 0 said")


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.xml", "a.json", "a.csv"])
@pytest.mark.parametrize("size", [60, 400, 9_000])
def test_bytes_that_are_no_text_are_refused_under_any_name(name: str, size: int, tmp_path: Path) -> None:
    path = tmp_path / name
    junk = random.Random(size).randbytes(size)
    for raw in (junk, zlib.compress(junk)):
        path.write_bytes(raw)
        (found,) = load(path, charset="windows-1251")
        assert isinstance(found, Refusal), found


def test_a_zero_in_a_text_is_left_out_and_noted() -> None:
    text, note = decode_bytes(b"The ferry sails at noon on Monday, and again at nine in the even\x00ing, the keeper said.")
    assert "evening" in text
    assert note
    assert note.code == "characters-dropped"


def test_a_note_is_a_string_that_survives_the_way_between_processes() -> None:
    note = pickle.loads(pickle.dumps(Note("some words", "some-code", lost=True)))
    assert (note, note.code, note.lost) == ("some words", "some-code", True)
