"""Questions that people bring to a meeting: read by the organiser by theme, by others only if the asker says so."""

from shared.events.catalog import Label
from shared.web.access import SIGN_IN_COOKIE
from tests.registration.conftest import World, csrf, form_of
from tests.registration.members import know_words


def test_a_question_is_for_the_organiser_and_for_others_only_if_its_asker_says_so(world: World) -> None:
    know_words(world)
    facts = world.publish(target_groups=())
    for name in ("Anna", "Bram", "Clara"):
        world.sign_up(facts, name, organisation=f"Gemeente {name}")
    assert "Welke vraag brengt u mee?" in world.mine("Anna").text
    brings(world, "Anna", text="Hoe meet u hergebruik?", theme="circulair", shared="true")
    brings(world, "Bram", text="Mag dat wel?", theme="klimaat")
    too_long = brings(world, "Clara", text="x" * 301, theme="onbekend")
    assert "hoogstens 300 tekens" in too_long
    assert "x" * 301 in too_long

    seen = brings(world, "Clara", text="Wie doet mee?", theme="")
    assert "Hoe meet u hergebruik?" in seen
    assert "Anna" not in seen  # she is on no list that others see
    assert "Mag dat wel?" not in seen
    desk = world.visitor.get(f"/registration/desk/{facts.slug}/questions")
    assert desk.status_code == 303
    assert desk_texts(world, facts.slug) == ["Hoe meet u hergebruik?", "Mag dat wel?", "Wie doet mee?"]

    brings(world, "Bram", text="", theme="")
    world.cancel("Clara")
    assert desk_texts(world, facts.slug) == ["Hoe meet u hergebruik?"]
    assert "Hoe meet u" not in brings(world, "Bram", text="", theme="").partition("Vragen van anderen")[0]


def test_a_question_can_come_along_with_the_sign_up_and_nobody_changes_that_of_another(world: World) -> None:
    know_words(world)
    themes = tuple(Label(code=code, labels={"nl": code.title()}) for code in ("circulair", "klimaat"))
    facts = world.publish(target_groups=(), themes=themes)
    form = world.visitor.get(form_of(facts)).text
    folded = form.partition("Brengt u een vraag mee")[2].partition("</details>")[0]
    assert 'name="question.text"' in folded
    assert "<option" in folded

    wrong = world.fill_in(form_of(facts), **{"question.text": "Hoe dan?", "question.theme": "social-return"})
    assert wrong.status_code == 400
    assert 'id="question.theme-error"' in wrong.text
    assert "Hoe dan?" in wrong.text
    asked = {"question.text": "Hoe dan?", "question.theme": "klimaat"}
    assert world.fill_in(form_of(facts), **asked).status_code == 201
    again = world.fill_in(form_of(facts), **asked | {"question.text": "Van een ander"})
    assert again.status_code == 201
    assert desk_texts(world, facts.slug) == ["Hoe dan?"]
    assert "Hoe dan?" in world.visitor.get(world.mine("Anna").request.path + "/question").text

    one = world.publish(target_groups=(), themes=themes[:1])
    assert "<option" not in world.visitor.get(form_of(one)).text.partition("Brengt u een vraag mee")[2]
    assert world.sign_up(one, "Bram", question={"text": "Wie betaalt dat?"}).status_code == 201
    assert world.sign_up(one, "Cor").status_code == 201
    assert desk_texts(world, one.slug) == ["Wie betaalt dat?"]
    assert "<h2>Circulair</h2>" in desk(world, one.slug)


def brings(world: World, name: str, **typed: str) -> str:
    """Write the question on the own page, and see the page after it."""
    page = world.mine(name).request.path + "/question"
    shown = world.visitor.get(page)
    return world.visitor.post(page, data={"csrf_token": csrf(shown), **typed}, follow_redirects=True).text


def desk_texts(world: World, slug: str) -> list[str]:
    """The questions on the page of the desk, in their order."""
    shown = desk(world, slug)
    return [part.partition("<br>")[0].strip() for part in shown.partition("<main")[2].split("<ul><li>")[1:]]


def desk(world: World, slug: str) -> str:
    """The page of the desk."""
    browser = world.service.app.test_client()
    browser.set_cookie(SIGN_IN_COOKIE, world.organiser()["Authorization"].removeprefix("Bearer "))
    return browser.get(f"/registration/desk/{slug}/questions").text
