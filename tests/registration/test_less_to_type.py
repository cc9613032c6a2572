"""What nobody has to type: where they work if their address tells it, and nothing at all behind their own link."""

from shared.events.catalog import Label, RegistrationTerms, SeatPlan
from tests.registration.conftest import World, csrf, form_of
from tests.registration.test_organisations import GOUDA, organisation


def test_an_address_tells_the_organisation_and_where_it_does_not_it_is_asked_once_beside_the_field(
    world: World,
) -> None:
    organisation(world, GOUDA, "Gouda", "gouda.example")
    facts = world.publish(target_groups=())

    known = world.fill_in(form_of(facts), email="anna@gouda.example", guess="true", organisation="")
    asked = world.fill_in(form_of(facts), email="bram@elders.example", guess="true", organisation="")
    wrong = world.fill_in(form_of(facts), email="bram@elders.example", guess="true", name="")
    silent = world.fill_in(form_of(facts), email="bram@elders.example", organisation="")

    assert known.status_code == 201
    assert "<dd>Gouda</dd>" in known.text
    assert asked.status_code == 400
    assert 'id="organisation-error"' in asked.text
    assert 'value="bram@elders.example"' in asked.text
    assert 'name="guess"' not in asked.text, "it would be asked again and again"
    assert wrong.text.index('href="#name"') < wrong.text.index('href="#organisation"'), "all at once, as on the page"
    assert silent.status_code == 201


def test_a_program_learns_whose_people_write_from_a_domain_and_of_no_address(world: World) -> None:
    organisation(world, GOUDA, "Gouda", "gouda.example")

    told = [
        world.visitor.get("/registration/workplace", query_string={"domain": domain}).json
        for domain in ("gouda.example", "post.GOUDA.example", "elders.example", "")
    ]

    assert told == [
        {"organisation": "Gouda"},
        {"organisation": "Gouda"},
        {"organisation": None},
        {"organisation": None},
    ]


def test_mistakes_are_summed_up_in_the_order_of_the_page(world: World) -> None:
    facts = world.publish(target_groups=(), registration=RegistrationTerms(ask_phone=True))

    page = world.fill_in(
        form_of(facts), copyTo="baas", phone="bel mij maar", targetGroup="tovenaar", email="anna@", name=""
    )

    places = [page.text.index(f'href="#{name}"') for name in ("name", "email", "targetGroup", "phone", "copyTo")]
    assert places == sorted(places)


def test_the_second_time_by_link_nothing_is_typed(world: World) -> None:
    first = world.publish(target_groups=())
    world.sign_up(first, "Anna", organisation="Gouda")
    second = world.publish(
        target_groups=(), title={"nl": "De tweede", "en": "The second"}, seat_plan=SeatPlan(capacity=1)
    )
    officials = (Label(code="bestuurder", labels={"nl": "Bestuurder"}),)
    closed = world.publish(title={"nl": "Voor anderen"}, target_groups=officials)
    own = world.mine("Anna").request.path

    listed = world.visitor.get(f"{own}/meetings")
    by_mail = world.visitor.get(f"{world.mine_link('Anna')}?meeting={second.slug}", follow_redirects=True)
    press = {"csrf_token": csrf(by_mail), "targetGroup": "inkoper"}
    seated = world.visitor.post(by_mail.request.path, data=press)
    other_role = world.visitor.post(f"{own}/meetings/{closed.slug}", data=press)

    assert "De tweede" in listed.text
    assert "Voor anderen" not in listed.text
    assert f"{own}/meetings/{first.slug}" not in listed.text
    assert by_mail.request.path == f"{own}/meetings/{second.slug}"
    assert '<input id="name"' not in by_mail.text
    assert "<dd>anna@gemeente.example</dd>" in by_mail.text
    assert seated.status_code == 201
    assert "U heeft een plek" in seated.text
    told = world.told("registration.confirmed")[-1].registration
    assert (told.meeting_id, told.person.email, told.organisation) == (second.id, "anna@gemeente.example", "Gouda")
    assert other_role.status_code == 400
    assert 'id="targetGroup-error"' in other_role.text
    assert "De tweede" not in world.visitor.get(f"{own}/meetings").text
