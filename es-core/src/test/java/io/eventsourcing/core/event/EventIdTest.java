package io.eventsourcing.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {

    @Test
    void nextIsAUuidOfVersion7() {
        for (int i = 0; i < 10_000; i++) {
            UUID id = EventId.next().value();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void nextStartsWithTheMillisecond() {
        long before = System.currentTimeMillis();
        long time = EventId.next().value().getMostSignificantBits() >>> 16;
        assertThat(time).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void nextFillsEveryOtherBitAtRandom() {
        long everZero = -1L;
        long everOne = 0;
        long everZeroLow = -1L;
        long everOneLow = 0;
        for (int i = 0; i < 1_000; i++) {
            UUID id = EventId.next().value();
            everZero &= id.getMostSignificantBits();
            everOne |= id.getMostSignificantBits();
            everZeroLow &= id.getLeastSignificantBits();
            everOneLow |= id.getLeastSignificantBits();
        }
        assertThat((~everZero & everOne) & 0xFFFFL).isEqualTo(0x0FFFL);
        assertThat(~everZeroLow & everOneLow).isEqualTo(0x3FFFFFFFFFFFFFFFL);
    }

    @Test
    void nextIsNeverTheSame() {
        Set<EventId> ids = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 200_000).parallel().forEach(i -> ids.add(EventId.next()));
        assertThat(ids).hasSize(200_000);
    }

    @Test
    void readsTheTextThatItWrites() {
        EventId id = EventId.next();
        assertThat(EventId.of(id.toString())).isEqualTo(id);
        assertThat(EventId.of("01890A5D-AC96-774B-BCCE-B302099A8057"))
                .hasToString("01890a5d-ac96-774b-bcce-b302099a8057");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1-1-1-1-1", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a8057\u0000"
            })
    void refusesOtherTextWithoutEchoingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventId.of(text))
                .withMessage("An event id is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057, but another text of "
                        + text.length() + " characters was given.");
    }

    @Test
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> new EventId(null))
                .withMessageContaining("Use EventId.next() for a new one.");
    }
}
