package io.eventsourcing.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.GlobalPosition;
import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.ParkedEvent;
import io.eventsourcing.core.subscription.ParkedQuery;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.testkit.projection.Scripted.Op;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every type of column, with values that are hostile to one store or another. */
abstract class ColumnRules extends ProjectionRules {

    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "'; drop table contract_everything; --",
            "\"quoted\" \\ and {braces,\"in\",NULL}",
            "null",
            "NULL",
            "line\nline\r\n\ttab\b\u0001\u007f",
            "${placeholder} ? ?? :name $1 %s",
            "\u00e9 e\u0301 \u202e right to left \u200b",
            "\ud83d\ude00 \ud840\udc00 \uffff \ue000",
            "[1,2]",
            "{\"a\":1}",
            "x".repeat(20_000));

    ColumnRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    /** Writes whatever a test has put here, as records cannot go through events without being changed by JSON. */
    private final ConcurrentMap<String, Runnable> writes = new ConcurrentHashMap<>();

    @Projection(name = "tallies")
    static final class Writer {
        private final ConcurrentMap<String, Runnable> writes;

        Writer(ConcurrentMap<String, Runnable> writes) {
            this.writes = writes;
        }

        @EventHandler
        void on(Scripted event) {
            Objects.requireNonNull(writes.get(event.steps().get(0).key())).run();
        }
    }

    private AppendResult appendWriting(Runnable write) {
        String key = "w-" + UUID.randomUUID();
        writes.put(key, write);
        return append(key, Scripted.of(Op.UPSERT, key, 0));
    }

    @Test
    void keepsEveryTypeAsItIs() {
        List<Everything> written = Stream.concat(
                        Stream.of(Everything.usual(), Everything.withOddNumbers()),
                        HOSTILE.stream().map(Everything::withTexts))
                .toList();
        ProjectionNode node = node();
        ReadModelUpdaterPort<Everything> updater = node.readModels.updater(Everything.class);
        node.start(new Writer(writes), Everything.class);
        AppendResult appended = appendWriting(() -> written.forEach(updater::upsert));
        awaitShown(node, appended);
        assertThat(parked()).isEmpty();

        TenantContext.run(TENANT, () -> {
            for (Everything row : written) {
                assertThat(readModels.reader(Everything.class).get(row.id(), row.day(), row.select()))
                        .contains(row);
            }
            assertThat(readModels
                            .reader(Everything.class)
                            .find(ReadModelQuery.all())
                            .rows())
                    .containsExactlyInAnyOrderElementsOf(written);
        });
    }

    @Test
    void readsEveryTypeBackWithinABatchAndChangesIt() {
        Everything row = Everything.withTexts("text");
        ProjectionNode node = node();
        ReadModelUpdaterPort<Everything> updater = node.readModels.updater(Everything.class);
        node.start(new Writer(writes), Everything.class);
        awaitShown(node, appendWriting(() -> updater.upsert(row)));
        List<Everything> read = new CopyOnWriteArrayList<>();
        awaitShown(node, appendWriting(() -> {
            updater.get(row.id(), row.day(), row.select()).ifPresent(read::add);
            updater.update(row.id(), row.day(), row.select())
                    .set("realOrNull", null)
                    .set("bytes", new byte[] {1, 2})
                    .set("part", new Everything.Part("other", null, null))
                    .increment("small", 1)
                    .increment("whole", 2L)
                    .increment("large", new BigDecimal("3"))
                    .increment("real", 0.5)
                    .increment("amountOf2Things", new BigDecimal("0.123456789"))
                    .increment("huge", 1);
        }));

        assertThat(read).containsExactly(row);
        assertThat(parked()).isEmpty();
        Everything changed = TenantContext.call(
                TENANT,
                () -> readModels
                        .reader(Everything.class)
                        .get(row.id(), row.day(), row.select())
                        .orElseThrow());
        assertThat(changed.realOrNull()).isNull();
        assertThat(changed.bytes()).containsExactly(1, 2);
        assertThat(changed.part()).isEqualTo(new Everything.Part("other", null, null));
        assertThat(changed.small()).isEqualTo((short) (Short.MIN_VALUE + 1));
        assertThat(changed.whole()).isEqualTo(Integer.MIN_VALUE + 2);
        assertThat(changed.large()).isEqualTo(Long.MIN_VALUE + 3);
        assertThat(changed.amountOf2Things()).isEqualTo(new BigDecimal("-12345678901234567890.00000000000"));
        assertThat(changed.huge()).isEqualTo("-123456789012345678901234567889");
        assertThat(changed.parts()).isEqualTo(row.parts());
    }

    @Test
    void timesAreKeptInMicrosecondsAndNumbersWithoutExponent() {
        Timed fine = new Timed(
                "a",
                Instant.parse("2026-01-01T00:00:00.123456999Z"),
                LocalDateTime.parse("2026-01-01T23:59:59.999999999"),
                new BigDecimal("1E+3"));
        ProjectionNode node = node();
        ReadModelUpdaterPort<Timed> updater = node.readModels.updater(Timed.class);
        node.start(new Writer(writes), Timed.class);
        awaitShown(node, appendWriting(() -> updater.upsert(fine)));

        assertThat(TenantContext.call(
                        TENANT, () -> readModels.reader(Timed.class).get("a")))
                .contains(new Timed(
                        "a",
                        Instant.parse("2026-01-01T00:00:00.123456Z"),
                        LocalDateTime.parse("2026-01-01T23:59:59.999999"),
                        new BigDecimal("1000")));
    }

    @ReadModel(table = "contract_timed")
    record Timed(
            @Id String key,
            @Nullable Instant at,
            @Nullable LocalDateTime timestamp,
            @Nullable BigDecimal number) {}

    /** The values that no store keeps, each of which parks its event, and none other. */
    @Test
    @SuppressWarnings("NullAway") // on purpose
    void whatNoStoreKeepsParksItsEventAlone() {
        ProjectionNode node = node();
        ReadModelUpdaterPort<Timed> updater = node.readModels.updater(Timed.class);
        List<Timed> bad = List.of(
                new Timed("nul \0", null, null, null),
                new Timed("half \ud800", null, null, null),
                new Timed(null, null, null, null),
                new Timed("max", Instant.MAX, null, null),
                new Timed("min", Instant.MIN, null, null),
                new Timed("date", null, LocalDate.MAX.atStartOfDay(), null),
                new Timed("scale", null, null, BigDecimal.ONE.scaleByPowerOfTen(-20_000)),
                new Timed("digits", null, null, BigDecimal.ONE.scaleByPowerOfTen(200_000)));
        AppendResult last = appendWriting(() -> updater.upsert(new Timed("good", null, null, null)));
        for (Timed row : bad) {
            last = appendWriting(() -> updater.upsert(row));
        }
        node.start(new Writer(writes), Timed.class);
        awaitShown(node, last);
        awaitShown(node, appendWriting(() -> updater.upsert(new Timed("good too", null, null, null))));

        assertThat(parked())
                .hasSize(bad.size())
                .allSatisfy(event -> assertThat(event.error()).contains("contract_timed", "cannot be stored"));
        assertThat(TenantContext.call(
                        TENANT,
                        () -> readModels
                                .reader(Timed.class)
                                .find(ReadModelQuery.all())
                                .rows()))
                .extracting(Timed::key)
                .containsExactly("good", "good too");
    }

    private List<ParkedEvent> parked() {
        return store.checkpoints().parked(new ParkedQuery("projection:tallies#1", null, GlobalPosition.START, 100));
    }
}
