package io.eventsourcing.core.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eventsourcing.core.event.VersionedType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class UpcasterChainTest {

    private static final VersionedType A1 = new VersionedType("a", 1);
    private static final VersionedType A2 = A1.at(2);
    private static final VersionedType A3 = A1.at(3);
    private static final VersionedType B1 = new VersionedType("b", 1);
    private static final VersionedType C1 = new VersionedType("c", 1);

    record A(int n) {}

    record B(int n) {}

    @Test
    void goesOnUntilEveryPayloadIsCurrent() {
        UpcasterChain chain = chain(
                Set.of(A3, B1),
                Upcaster.next(A1, json -> ((ObjectNode) json).put("one", true)),
                Upcaster.next(A2, json -> ((ObjectNode) json).put("two", true)),
                Upcaster.split(C1, Set.of(A2, B1), json -> List.of(payload(A2), payload(B1), payload(A2))));

        assertThat(chain.apply(payload(A1)))
                .hasToString("[TypedPayload[type='a' version 3, payload={\"one\":true,\"two\":true}]]");
        assertThat(chain.apply(payload(C1))).extracting(TypedPayload::type).containsExactly(A3, B1, A3);
        assertThat(chain.apply(payload(A3))).containsExactly(payload(A3));
    }

    @Test
    void dropsAndRenames() {
        UpcasterChain chain = chain(Set.of(A1), Upcaster.drop(C1), Upcaster.rename(B1, A1));
        assertThat(chain.apply(payload(C1))).isEmpty();
        assertThat(chain.apply(payload(B1))).containsExactly(payload(A1));
        assertThat(chain.deadEnd(C1)).isNull();
    }

    @Test
    void findsTheFirstDeadEndOfAnyWay() {
        UpcasterChain chain = chain(Set.of(A3), Upcaster.split(A1, Set.of(A3, B1), json -> List.of()));
        assertThat(chain.deadEnd(A1)).isEqualTo(B1);
        assertThat(chain.deadEnd(A2)).isEqualTo(A2);
        assertThatExceptionOfType(MissingUpcasterException.class)
                .isThrownBy(chain::rejectDeadEnds)
                .withMessageContaining("The upcaster from type 'a' version 1 leads to type 'b' version 1,")
                .withMessageContaining("Register an upcaster from 'b' version 1, or correct the target.");
    }

    @Test
    void refusesTwoUpcastersFromOneType() {
        assertThatExceptionOfType(UpcasterConfigurationException.class)
                .isThrownBy(() -> chain(Set.of(A2), Upcaster.next(A1, json -> json), Upcaster.drop(A1)))
                .withMessageContaining("Two upcasters start from type 'a' version 1: upcaster from 'a' version 1 to ");
    }

    @Test
    void refusesCircles() {
        assertThatExceptionOfType(UpcasterConfigurationException.class)
                .isThrownBy(() -> chain(Set.of(C1), Upcaster.rename(A1, B1), Upcaster.rename(B1, A1)))
                .withMessageContaining("The upcasters run in a circle");
        assertThatExceptionOfType(UpcasterConfigurationException.class)
                .isThrownBy(() -> chain(Set.of(C1), Upcaster.rename(A1, A1)))
                .withMessageContaining("The upcasters run in a circle");
    }

    @Test
    void acceptsTwoWaysToOneType() {
        UpcasterChain chain = chain(
                Set.of(A3),
                Upcaster.split(C1, Set.of(A1, A2), json -> List.of(payload(A1), payload(A2))),
                Upcaster.rename(A1, A3),
                Upcaster.rename(A2, A3));
        assertThat(chain.apply(payload(C1))).containsExactly(payload(A3), payload(A3));
    }

    @Test
    void refusesAResultThatWasNotDeclared() {
        UpcasterChain chain = chain(Set.of(A2, B1), Upcaster.split(A1, Set.of(A2), json -> List.of(payload(B1))));
        assertThatExceptionOfType(UpcasterConfigurationException.class)
                .isThrownBy(() -> chain.apply(payload(A1)))
                .withMessage("The upcaster from 'a' version 1 to ['a' version 2] made a payload of type 'b' version 1,"
                        + " which it did not declare. Add the type to its targets.");
    }

    @Test
    void refusesAnUpcasterThatWouldNeverBeUsed() {
        UpcasterChain chain = chain(Set.of(A1, B1), Upcaster.rename(A1, B1));
        assertThatExceptionOfType(UpcasterConfigurationException.class)
                .isThrownBy(chain::rejectDeadEnds)
                .withMessageContaining("would never be used: type 'a' version 1 is current. Raise the schema version");
    }

    @Test
    void gapsAreFoundWhenTheSerializationIsBuilt() {
        EventTypes types = EventTypes.builder().register(A3, A.class).build();
        assertThatExceptionOfType(MissingUpcasterException.class)
                .isThrownBy(() -> EventSerialization.builder(types).build())
                .withMessage("Event type 'a' is at schema version 3, but no upcaster leads on from type 'a' version 1."
                        + " Events of schema version 1 could not be read. Register an upcaster from 'a' version 1.");
        assertThatExceptionOfType(MissingUpcasterException.class)
                .isThrownBy(() -> EventSerialization.builder(types)
                        .upcasters(List.of(Upcaster.rename(A1, A3)))
                        .build())
                .withMessageContaining("no upcaster leads on from type 'a' version 2.");
        EventSerialization complete = EventSerialization.builder(types)
                .upcasters(List.of(Upcaster.next(A1, json -> json), Upcaster.next(A2, json -> json)))
                .build();
        assertThat(complete.eventTypes()).isSameAs(types);
    }

    private static UpcasterChain chain(Set<VersionedType> current, Upcaster... upcasters) {
        return new UpcasterChain(List.of(upcasters), current::contains);
    }

    private static TypedPayload payload(VersionedType type) {
        return new TypedPayload(type, JsonNodeFactory.instance.objectNode());
    }
}
