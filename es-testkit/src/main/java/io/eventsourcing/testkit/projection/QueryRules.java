package io.eventsourcing.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelPage;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.serialization.EventSerialization;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.testkit.projection.Scripted.Op;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What applications find. */
abstract class QueryRules extends ProjectionRules {

    private static final List<@Nullable String> COLOURS =
            Arrays.asList("red", "Red", "rot", null, "\ud83d\ude00", "\uffee", "");

    private final List<Item> items = new ArrayList<>();

    QueryRules(Function<EventSerialization, ProjectionsUnderTest> opener, Duration patience) {
        super(opener, patience);
    }

    @ReadModel(table = "contract_item")
    record Item(
            @Id String group,
            @Id UUID id,
            @Nullable String colour,
            int size,
            @Nullable BigDecimal price,
            double weight) {}

    @Projection(name = "tallies")
    static final class Items {
        private final ReadModelUpdaterPort<Item> rows;
        private final List<Item> items;

        Items(ReadModelUpdaterPort<Item> rows, List<Item> items) {
            this.rows = rows;
            this.items = items;
        }

        @EventHandler
        void on(Scripted event) {
            items.forEach(rows::upsert);
        }
    }

    @BeforeEach
    void writeItems() {
        Random random = new Random(5);
        IntStream.range(0, 200)
                .mapToObj(i -> new Item(
                        "group " + i % 3,
                        new UUID(random.nextLong(), random.nextLong()),
                        COLOURS.get(random.nextInt(COLOURS.size())),
                        random.nextInt(10),
                        random.nextInt(4) == 0 ? null : new BigDecimal(random.nextInt(20)).movePointLeft(1),
                        random.nextInt(3) - 1.0))
                .forEach(items::add);
        ProjectionNode node = node();
        append(TenantId.of("globex"), "other", Scripted.of(Op.UPSERT, "a", 1));
        node.start(new Items(node.readModels.updater(Item.class), items), Item.class);
        awaitShown(node, append("s", Scripted.of(Op.UPSERT, "a", 1)));
    }

    private ReadModelPort<Item> reader() {
        return readModels.reader(Item.class);
    }

    /** All pages, each asked for by what the one before said. */
    private List<Item> all(ReadModelQuery query) {
        return TenantContext.call(TENANT, () -> {
            List<Item> all = new ArrayList<>();
            ReadModelPage<Item> page = reader().find(query);
            all.addAll(page.rows());
            while (page.next() != null) {
                assertThat(page.rows()).hasSize(query.limit());
                page = reader().find(query.after(page.next()));
                all.addAll(page.rows());
            }
            return all;
        });
    }

    @Test
    void findsARowByItsIdAndOnlyForItsTenant() {
        Item item = items.get(7);
        assertThat(TenantContext.call(TENANT, () -> reader().get(item.group(), item.id())))
                .contains(item);
        assertThat(TenantContext.call(TENANT, () -> reader().get("other", item.id())))
                .isEmpty();
        assertThat(TenantContext.call(TenantId.of("nobody"), () -> reader().get(item.group(), item.id())))
                .isEmpty();
    }

    @Test
    void findsRowsByColumnsThatAreEqual() {
        assertThat(all(ReadModelQuery.all().where("colour", "red").limitedTo(7)))
                .containsExactlyInAnyOrderElementsOf(items.stream()
                        .filter(item -> "red".equals(item.colour()))
                        .toList());
        assertThat(all(ReadModelQuery.all().where("colour", null).where("group", "group 1")))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(items.stream()
                        .filter(item -> item.colour() == null && item.group().equals("group 1"))
                        .toList());
        assertThat(all(ReadModelQuery.all().where("price", new BigDecimal("1.00"))))
                .isNotEmpty()
                .allSatisfy(item -> assertThat(item.price()).isEqualByComparingTo("1"));
    }

    @Test
    void pagesThroughAllRowsInTheOrderOfTheirIds() {
        assertThat(all(ReadModelQuery.all().limitedTo(13)))
                .hasSize(200)
                .isSortedAccordingTo(Comparator.comparing(Item::group)
                        .thenComparing(item -> item.id().toString()));
    }

    @Test
    void pagesThroughRowsSortedByAnything() {
        Comparator<@Nullable String> colours = Comparator.nullsLast(QueryRules::compareCodePoints);
        Comparator<Item> byId = Comparator.comparing(Item::group)
                .thenComparing(item -> item.id().toString());
        assertThat(all(ReadModelQuery.all().ascendingBy("colour").limitedTo(9)))
                .hasSize(200)
                .isSortedAccordingTo(Comparator.comparing(Item::colour, colours).thenComparing(byId));
        assertThat(all(ReadModelQuery.all()
                        .descendingBy("price")
                        .ascendingBy("size")
                        .descendingBy("group")
                        .limitedTo(9)))
                .hasSize(200)
                .isSortedAccordingTo(
                        Comparator.comparing(Item::price, Comparator.nullsLast(Comparator.<BigDecimal>reverseOrder()))
                                .thenComparing(Item::size)
                                .thenComparing(Comparator.comparing(Item::group).reversed())
                                .thenComparing(item -> item.id().toString()));
        assertThat(all(ReadModelQuery.all()
                        .where("size", 3)
                        .descendingBy("colour")
                        .limitedTo(2)))
                .isSortedAccordingTo(Comparator.comparing(
                                Item::colour, Comparator.nullsLast((one, two) -> compareCodePoints(two, one)))
                        .thenComparing(byId));
        assertThat(all(ReadModelQuery.all().ascendingBy("weight").limitedTo(50)))
                .isSortedAccordingTo(
                        Comparator.comparing((Item item) -> item.weight() + 0.0).thenComparing(byId));
    }

    private static int compareCodePoints(String one, String other) {
        return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
    }

    @Test
    void refusesWhatItCannotBeAskedFor() {
        TenantContext.run(TENANT, () -> {
            ReadModelQuery byColour = ReadModelQuery.all().ascendingBy("colour").limitedTo(5);
            String next = reader().find(byColour).next();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader().find(ReadModelQuery.all().where("color", "red")))
                    .withMessageContainingAll("no component 'color'", "[group, id, colour, size, price, weight]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader().find(ReadModelQuery.all().where("size", "large")))
                    .withMessageContainingAll("'size'", "Nothing was read");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader().get("group 1"))
                    .withMessageContainingAll("2 components, [group, id], but 1 values");
            for (String cursor : Arrays.asList(next, "", "AAAA", "no cursor", "\u00e9", next + "AA")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> reader().find(ReadModelQuery.all()
                                .descendingBy("size")
                                .after(cursor)))
                        .withMessageContaining("not made by a page with this order");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ReadModelQuery.all().limitedTo(0))
                    .withMessageContaining("1 to 10000");
        });
    }
}
