package io.eventsourcing.core.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.EventType;
import io.eventsourcing.core.event.VersionedType;
import org.junit.jupiter.api.Test;

class EventTypesTest {

    sealed interface Shape {
        @EventType("drawn")
        record Drawn() implements Shape {}

        sealed interface Changed extends Shape {
            @EventType(value = "moved", schemaVersion = 3)
            record Moved() implements Changed {}

            @EventType("turned")
            record Turned() implements Changed {}
        }
    }

    @EventType("base")
    static sealed class Base permits Derived {}

    @EventType("derived")
    static final class Derived extends Base {}

    @EventType("never")
    abstract static sealed class AbstractBase permits Concrete {}

    @EventType("concrete")
    static final class Concrete extends AbstractBase {}

    sealed interface Leaky permits Open {}

    non-sealed interface Open extends Leaky {}

    record Unnamed() {}

    @EventType("drawn")
    record DrawnToo() {}

    @EventType(" ")
    record Blank() {}

    @Test
    void registersEverythingThatASealedTypePermitsAtAnyDepth() {
        EventTypes types = EventTypes.of(Shape.class);
        assertThat(types.all())
                .containsOnlyKeys(Shape.Drawn.class, Shape.Changed.Moved.class, Shape.Changed.Turned.class);
        assertThat(types.typeOf(Shape.Changed.Moved.class)).isEqualTo(new VersionedType("moved", 3));
        assertThat(types.classOf("turned")).contains(Shape.Changed.Turned.class);
        assertThat(types.classOf("Turned")).isEmpty();
    }

    @Test
    void registersASealedClassItselfOnlyWhereItIsConcrete() {
        assertThat(EventTypes.of(Base.class).all()).containsOnlyKeys(Base.class, Derived.class);
        assertThat(EventTypes.of(AbstractBase.class).all()).containsOnlyKeys(Concrete.class);
    }

    @Test
    void registersAClassTwiceAsOnce() {
        assertThat(EventTypes.of(Shape.class, Shape.Drawn.class, Shape.Changed.class)
                        .all())
                .hasSize(3);
    }

    @Test
    void prefersTheRegisteredNameToTheAnnotation() {
        EventTypes types = EventTypes.builder()
                .register(Shape.class)
                .register(new VersionedType("sketched", 2), Shape.Drawn.class)
                .register(new VersionedType("unnamed", 1), Unnamed.class)
                .build();
        assertThat(types.typeOf(Shape.Drawn.class)).isEqualTo(new VersionedType("sketched", 2));
        assertThat(types.typeOf(Unnamed.class)).isEqualTo(new VersionedType("unnamed", 1));
        assertThat(types.classOf("drawn")).isEmpty();
    }

    @Test
    void refusesTwoClassesWithOneName() {
        assertThatExceptionOfType(DuplicateEventTypeException.class)
                .isThrownBy(() -> EventTypes.of(DrawnToo.class, Shape.class))
                .withMessage("Two event classes have the name 'drawn': " + DrawnToo.class.getName() + " and "
                        + Shape.Drawn.class.getName()
                        + ". Stored events of that name could not be told apart. Give one of them another name.");
    }

    @Test
    void refusesTwoNamesOfOneClass() {
        EventTypes.Builder builder = EventTypes.builder().register(new VersionedType("one", 1), Unnamed.class);
        assertThat(builder.register(new VersionedType("one", 1), Unnamed.class)).isSameAs(builder);
        assertThatExceptionOfType(EventTypeRegistrationException.class)
                .isThrownBy(() -> builder.register(new VersionedType("two", 1), Unnamed.class))
                .withMessageContaining("is registered as type 'one' version 1 and as type 'two' version 1.");
    }

    @Test
    void refusesAClassWithoutAName() {
        assertThatExceptionOfType(EventTypeRegistrationException.class)
                .isThrownBy(() -> EventTypes.of(Unnamed.class))
                .withMessageContaining(Unnamed.class.getName() + " has no stable name");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> EventTypes.of(Blank.class)))
                .hasMessageContaining("The type name is blank.");
    }

    @Test
    void refusesWhatNoEventCanBe() {
        for (Class<?> open : new Class<?>[] {Runnable.class, Leaky.class, Number.class}) {
            assertThatExceptionOfType(EventTypeRegistrationException.class)
                    .isThrownBy(() -> EventTypes.of(open))
                    .withMessageContaining("is neither a concrete class nor sealed, so its events are not known.");
        }
        assertThatExceptionOfType(EventTypeRegistrationException.class)
                .isThrownBy(() -> EventTypes.builder().register(new VersionedType("shape", 1), Shape.class))
                .withMessageContaining("no event can be of exactly that class, because it is abstract.");
    }

    @Test
    void saysHowToRegisterAClassThatIsNot() {
        assertThatExceptionOfType(UnregisteredEventClassException.class)
                .isThrownBy(() -> EventTypes.of(Shape.class).typeOf(Unnamed.class))
                .withMessageContaining("The class " + Unnamed.class.getName() + " is not registered as an event."
                        + " Nothing was written. Annotate it with @EventType");
    }
}
