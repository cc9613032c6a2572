"""What registration tells Prometheus."""

from datetime import timedelta

from tests.registration.conftest import World


def test_sign_ups_are_counted_a_minute_late_and_without_names(world: World) -> None:
    def figures() -> str:
        return world.visitor.get("/registration/metrics").text

    def registered(count: int) -> bool:
        return f'kring_registrations{{service="registration",status="confirmed"}} {count}.0' in figures()

    world.clock.now += timedelta(days=3)
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    assert registered(1)
    assert 'kring_seats{kind="taken",service="registration"} 1.0' in figures()
    assert 'kring_gate_batch_sign_ups_bucket{le="1.0"}' in figures()

    world.sign_up(facts, "Bram")
    world.clock.now += timedelta(seconds=50)
    assert registered(1), "whoever looks before and after learns nothing"
    world.clock.now += timedelta(seconds=15)
    assert registered(2)
    assert "Anna" not in figures()
