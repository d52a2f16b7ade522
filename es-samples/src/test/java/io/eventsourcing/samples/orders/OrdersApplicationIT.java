package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.samples.orders.Calls.Answer;
import io.eventsourcing.testkit.postgres.PostgresExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service over HTTP: the story that the README tells, on each kind of store. */
class OrdersApplicationIT {

    private static final String TENANT = "X-Tenant-Id";
    private static final Pattern ORDER_ID = Pattern.compile("\"orderId\":\"([^\"]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @TempDir
    private Path folder;

    @Test
    void tellsTheStoryOfTheReadmeAndRemembersItAfterARestart() {
        List<String> history = new ArrayList<>();
        runEmbedded(calls -> {
            tellTheStory(calls);
            history.add(calls.get("/orders/o-1/events", TENANT, "acme").body());
        });
        runEmbedded(calls -> {
            assertShipped(calls);
            assertConfirmed(calls);
            assertThat(calls.get("/orders/o-1/events", TENANT, "acme").body()).isEqualTo(history.get(0));
            assertPaid(pay(calls));
        });
    }

    @Test
    void tellsTheSameStoryOnADatabaseThatIsGiven() {
        runOnPostgres(OrdersApplicationIT::tellTheStory);
    }

    @Test
    void tellsTheSameStoryInMemoryWithoutAnyDatabase() {
        try (ConfigurableApplicationContext context = start("--eventsourcing.store=memory")) {
            assertThat(context.getBeansOfType(DataSource.class)).isEmpty();
            tellTheStory(callsTo(context));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void answersARequestThatIsSentAgainWithItsFirstAnswer() {
        runOnPostgres(calls -> {
            String order = "{\"customer\":\"Ada\",\"currency\":\"EUR\"}";
            Answer placed = calls.post("/orders", order, TENANT, "again", "Idempotency-Key", "place-1");
            assertThat(placed.status()).isEqualTo(201);
            assertSame(calls.post("/orders", order, TENANT, "again", "Idempotency-Key", "place-1"), placed);

            String lines = placed.header("Location") + "/lines";
            Answer added = calls.post(lines, line(1), TENANT, "again", "Idempotency-Key", "add-1");
            assertThat(calls.post(lines, line(2), TENANT, "again").header("ETag"))
                    .isEqualTo("\"3\"");
            assertSame(calls.post(lines, line(1), TENANT, "again", "Idempotency-Key", "add-1"), added);
            assertThat(added.header("ETag")).isEqualTo("\"2\"");

            Answer other = calls.post(lines, line(3), TENANT, "again", "Idempotency-Key", "add-1");
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.body()).contains("\"code\":\"idempotency-key-reused\"");
            assertThat(calls.get(placed.header("Location"), TENANT, "again").header("ETag"))
                    .isEqualTo("\"3\"");
        });
    }

    @Test
    void letsAnOrderExpireThatNobodyPays() {
        run(
                calls -> {
                    calls.post(
                            "/orders",
                            "{\"orderId\":\"o-1\",\"customer\":\"Ada\",\"currency\":\"EUR\"}",
                            TENANT,
                            "acme");
                    await().untilAsserted(() -> assertThat(
                                    calls.get("/orders/o-1", TENANT, "acme").body())
                            .contains("\"status\":\"expired\""));
                    assertThat(calls.get("/orders/o-1/events", TENANT, "acme").body())
                            .contains("\"type\":\"order-expired\"");
                    assertThat(calls.post("/orders/o-1/lines", line(1), TENANT, "acme")
                                    .body())
                            .contains("\"detail\":\"The order is expired, so no line can be added.\"");
                },
                "--eventsourcing.store=memory",
                "--orders.expire-after=200ms");
    }

    private static String line(int quantity) {
        return "{\"sku\":\"cup\",\"quantity\":" + quantity + ",\"unitPrice\":{\"amount\":1.05,\"currency\":\"EUR\"}}";
    }

    private static void assertSame(Answer answer, Answer first) {
        assertThat(answer.status()).isEqualTo(first.status());
        assertThat(answer.body()).isEqualTo(first.body());
        assertThat(answer.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(answer.header("Location")).isEqualTo(first.header("Location"));
    }

    private static void tellTheStory(Calls calls) {
        Answer placed = calls.post(
                "/orders",
                "{\"orderId\":\"o-1\",\"customer\":\"Ada\",\"currency\":\"EUR\"}",
                TENANT,
                "acme",
                "X-Correlation-Id",
                "demo-1");
        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.header("Location")).isEqualTo("/orders/o-1");
        assertThat(placed.header("ETag")).isEqualTo("\"1\"");
        assertThat(placed.header("X-Correlation-Id")).isEqualTo("demo-1");
        assertThat(placed.body())
                .isEqualTo("{\"orderId\":\"o-1\",\"status\":\"open\",\"customer\":\"Ada\",\"lines\":[],"
                        + "\"total\":{\"amount\":0.00,\"currency\":\"EUR\"}}");

        Answer added = calls.post(
                "/orders/o-1/lines",
                "{\"sku\":\"teapot\",\"quantity\":2,\"unitPrice\":{\"amount\":19.90,\"currency\":\"EUR\"}}",
                TENANT,
                "acme");
        assertThat(added.status()).isEqualTo(200);
        assertThat(added.header("ETag")).isEqualTo("\"2\"");

        Answer refused = calls.post("/orders/o-1/shipment", "{\"trackingNumber\":\"T-77\"}", TENANT, "acme");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.body())
                .isEqualTo("{\"detail\":\"The order is open, and only a paid order can be shipped.\","
                        + "\"instance\":\"/orders/o-1/shipment\",\"status\":409,\"title\":\"Conflict\","
                        + "\"code\":\"order-not-paid\"}");

        assertPaid(pay(calls));
        await().untilAsserted(() -> assertShipped(calls));

        assertThat(withoutWhatDiffers(calls.get("/orders/o-1/events", TENANT, "acme")))
                .isEqualTo("[{\"version\":1,\"type\":\"order-placed\",\"occurredAt\":\"TIME\",\"recordedAt\":\"TIME\","
                        + "\"correlationId\":\"demo-1\",\"actor\":null,"
                        + "\"payload\":{\"customer\":\"Ada\",\"currency\":\"EUR\"}},"
                        + "{\"version\":2,\"type\":\"order-line-added\",\"occurredAt\":\"TIME\",\"recordedAt\":\"TIME\","
                        + "\"correlationId\":\"ID\",\"actor\":null,"
                        + "\"payload\":{\"sku\":\"teapot\",\"quantity\":2,"
                        + "\"unitPrice\":{\"amount\":19.90,\"currency\":\"EUR\"}}},"
                        + "{\"version\":3,\"type\":\"order-paid\",\"occurredAt\":\"TIME\",\"recordedAt\":\"TIME\","
                        + "\"correlationId\":\"pay-1\",\"actor\":null,"
                        + "\"payload\":{\"total\":{\"amount\":39.80,\"currency\":\"EUR\"}}},"
                        + "{\"version\":4,\"type\":\"order-shipped\",\"occurredAt\":\"TIME\",\"recordedAt\":\"TIME\","
                        + "\"correlationId\":\"pay-1\",\"actor\":null,"
                        + "\"payload\":{\"trackingNumber\":\"T-o-1\"}}]");

        await().untilAsserted(() -> assertConfirmed(calls));
        await().untilAsserted(() -> assertReported(calls));

        Answer ofAnotherTenant = calls.get("/orders/o-1", TENANT, "globex");
        assertThat(ofAnotherTenant.status()).isEqualTo(404);
        assertThat(ofAnotherTenant.body()).contains("\"code\":\"order-unknown\"");
        assertThat(calls.get("/orders/o-1/events", TENANT, "globex").status()).isEqualTo(404);
        assertThat(calls.get("/orders/o-1/messages", TENANT, "globex").status()).isEqualTo(404);
    }

    private static void assertReported(Calls calls) {
        assertThat(withoutWhatDiffers(calls.get("/order-summaries?status=shipped", TENANT, "acme")))
                .isEqualTo(
                        "{\"items\":[{\"orderId\":\"o-1\",\"customer\":\"Ada\",\"status\":\"shipped\",\"total\":39.80,"
                                + "\"currency\":\"EUR\",\"lines\":1,\"placedAt\":\"TIME\"}],\"next\":null}");
        assertThat(calls.get("/revenue-per-day", TENANT, "acme").body())
                .contains("\"currency\":\"EUR\",\"revenue\":39.80,\"orders\":1}");
        assertThat(calls.get("/demand-per-article", TENANT, "acme").body())
                .contains("{\"sku\":\"teapot\",\"pieces\":2,");
        assertThat(calls.get("/order-summaries", TENANT, "globex").body()).isEqualTo("{\"items\":[],\"next\":null}");
    }

    @Test
    void rebuildsAListWhileItIsReadPageByPage() {
        runOnPostgres(calls -> {
            for (int i = 1; i <= 3; i++) {
                calls.post(
                        "/orders",
                        "{\"orderId\":\"r-" + i + "\",\"customer\":\"Ada\",\"currency\":\"EUR\"}",
                        TENANT,
                        "list");
            }
            await().untilAsserted(() -> assertThat(pages(calls)).containsExactly("r-3", "r-2", "r-1"));
            assertThat(calls.post("/projections/order-summary/rebuild", "", TENANT, "list")
                            .status())
                    .isEqualTo(202);
            await().until(() -> {
                assertThat(pages(calls)).containsExactly("r-3", "r-2", "r-1");
                return calls.get("/projections", TENANT, "list")
                        .body()
                        .contains("{\"name\":\"order-summary\",\"generation\":2,");
            });
            assertThat(pages(calls)).containsExactly("r-3", "r-2", "r-1");

            assertThat(calls.get("/order-summaries?after=nonsense", TENANT, "list")
                            .status())
                    .isEqualTo(400);
            assertThat(calls.get("/order-summaries?limit=0", TENANT, "list").body())
                    .contains("\"code\":\"page-invalid\"");
            assertThat(calls.get("/order-summaries?status=lost", TENANT, "list").body())
                    .contains("\"code\":\"status-unknown\"");
            assertThat(calls.post("/projections/nobody/rebuild", "", TENANT, "list")
                            .body())
                    .contains("\"code\":\"projection-unknown\"");
        });
    }

    private static List<String> pages(Calls calls) {
        List<String> orders = new ArrayList<>();
        String after = "";
        do {
            String page = calls.get("/order-summaries?limit=2" + after, TENANT, "list")
                    .body();
            ORDER_ID.matcher(page).results().forEach(found -> orders.add(found.group(1)));
            Matcher next = NEXT.matcher(page);
            after = next.find() ? "&after=" + next.group(1) : null;
        } while (after != null);
        return orders;
    }

    private static void assertConfirmed(Calls calls) {
        Answer messages = calls.get("/orders/o-1/messages", TENANT, "acme");
        assertThat(messages.status()).isEqualTo(200);
        assertThat(messages.body())
                .isEqualTo(
                        "[{\"to\":\"Ada\",\"text\":\"Your payment of 39.80 EUR for order o-1 has arrived. Thank you!\"}]");
    }

    /** The version that the caller has seen is part of the request, and so is not checked again for the same request. */
    private static Answer pay(Calls calls) {
        return calls.post(
                "/orders/o-1/payment",
                "{\"amount\":39.80,\"currency\":\"EUR\"}",
                TENANT,
                "acme",
                "If-Match",
                "\"2\"",
                "Idempotency-Key",
                "pay-1",
                "X-Correlation-Id",
                "pay-1");
    }

    private static void assertPaid(Answer answer) {
        assertOrder(answer, "3", "paid");
    }

    private static void assertShipped(Calls calls) {
        assertOrder(calls.get("/orders/o-1", TENANT, "acme"), "4", "shipped");
    }

    private static void assertOrder(Answer answer, String version, String status) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("ETag")).isEqualTo("\"" + version + "\"");
        assertThat(answer.body())
                .isEqualTo("{\"orderId\":\"o-1\",\"status\":\"" + status + "\",\"customer\":\"Ada\",\"lines\":["
                        + "{\"sku\":\"teapot\",\"quantity\":2,\"unitPrice\":{\"amount\":19.90,\"currency\":\"EUR\"}}],"
                        + "\"total\":{\"amount\":39.80,\"currency\":\"EUR\"}}");
    }

    private static String withoutWhatDiffers(Answer answer) {
        return answer.body()
                .replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\"", "\"TIME\"")
                .replaceAll("\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"", "\"ID\"");
    }

    private void runEmbedded(Consumer<Calls> story) {
        run(story, "--orders.database.folder=" + folder.resolve("data"));
    }

    private void runOnPostgres(Consumer<Calls> story) {
        run(
                story,
                "--spring.datasource.url=" + postgres.database().url(),
                "--spring.datasource.username=" + postgres.database().user(),
                "--spring.datasource.password=" + postgres.database().password());
    }

    private void run(Consumer<Calls> story, String... arguments) {
        try (ConfigurableApplicationContext context = start(arguments)) {
            story.accept(callsTo(context));
        }
    }

    private ConfigurableApplicationContext start(String... arguments) {
        String[] all = Stream.concat(
                        Stream.of("--server.port=0", "--orders.database.folder=" + folder.resolve("data")),
                        Stream.of(arguments))
                .toArray(String[]::new);
        return SpringApplication.run(OrdersApplication.class, all);
    }

    private static Calls callsTo(ConfigurableApplicationContext context) {
        return new Calls(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
}
