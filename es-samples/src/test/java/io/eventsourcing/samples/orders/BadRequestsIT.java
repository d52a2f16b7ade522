package io.eventsourcing.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventsourcing.samples.orders.Calls.Answer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What the service answers to requests that it refuses. The store does not matter, so it is in memory. */
class BadRequestsIT {

    private static final String[] ACME = {"X-Tenant-Id", "acme"};

    private static ConfigurableApplicationContext service;
    private static Calls calls;

    @BeforeAll
    static void start() {
        service = SpringApplication.run(OrdersApplication.class, "--server.port=0", "--eventsourcing.store=memory");
        calls = new Calls(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        calls.post("/orders", "{'orderId':'o-1','customer':'Ada','currency':'EUR'}".replace('\'', '"'), ACME);
        calls.post("/orders", "{'orderId':'gone','customer':'Ada','currency':'EUR'}".replace('\'', '"'), ACME);
        calls.post("/orders/gone/cancellation", "{\"reason\":\"mistake\"}", ACME);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        "/orders", "{'orderId':'o-1','customer':'Ada','currency':'EUR'}", 409, "order-already-placed"),
                Arguments.of("/orders", "{'customer':'Ada','currency':'XXX'}", 422, "currency-unknown"),
                Arguments.of("/orders", "{'customer':' ','currency':'EUR'}", 400, "request-invalid"),
                Arguments.of("/orders", "{'orderId':'a/b','customer':'Ada','currency':'EUR'}", 400, "request-invalid"),
                Arguments.of("/orders", "{'custmer':'Ada','currency':'EUR'}", 400, "request-unreadable"),
                Arguments.of("/orders", "{'customer':'A\\u0000da','currency':'EUR'}", 422, "text-not-storable"),
                Arguments.of("/orders", "{'customer", 400, "request-unreadable"),
                Arguments.of("/orders", "", 400, "request-unreadable"),
                Arguments.of("/orders/nope/lines", line("1", "1", "EUR"), 404, "order-unknown"),
                Arguments.of("/orders/o-1/lines", line("0", "1", "EUR"), 422, "quantity-not-positive"),
                Arguments.of("/orders/o-1/lines", line("1.5", "1", "EUR"), 400, "request-unreadable"),
                Arguments.of("/orders/o-1/lines", line("null", "1", "EUR"), 400, "request-invalid"),
                Arguments.of("/orders/o-1/lines", line("1", "-1", "EUR"), 422, "price-negative"),
                Arguments.of("/orders/o-1/lines", line("1", "0.001", "EUR"), 422, "amount-too-precise"),
                Arguments.of("/orders/o-1/lines", line("1", "1e999999999", "EUR"), 422, "amount-too-large"),
                Arguments.of("/orders/o-1/lines", line("1", "1", "USD"), 422, "currency-mismatch"),
                Arguments.of("/orders/o-1/payment", "{'amount':0,'currency':'EUR'}", 422, "order-empty"),
                Arguments.of("/orders/o-1/shipment", "{'trackingNumber':'T-77'}", 409, "order-not-paid"),
                Arguments.of("/orders/gone/payment", "{'amount':0,'currency':'EUR'}", 409, "order-not-open"),
                Arguments.of("/orders/gone/cancellation", "{'reason':'again'}", 409, "order-closed"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void areRefusedWithACode(String path, String body, int status, String code) {
        assertRefused(calls.post(path, body.replace('\'', '"'), ACME), status, code);
    }

    @Test
    void nameATenant() {
        assertRefused(calls.get("/orders/o-1"), 400, "tenant-missing");
        assertRefused(calls.get("/orders/o-1", "X-Tenant-Id", "a:b"), 400, "tenant-invalid");
    }

    @Test
    void getAnAnswerTheyCanRecognize() {
        Answer refused = calls.get("/orders/nope", "X-Tenant-Id", "acme", "X-Correlation-Id", "mine");
        assertRefused(refused, 404, "order-unknown");
        assertThat(refused.header("X-Correlation-Id")).isEqualTo("mine");
        assertRefused(
                calls.get("/orders/o-1", "X-Tenant-Id", "acme", "X-Correlation-Id", "x".repeat(129)),
                400,
                "header-invalid");
    }

    @Test
    void areRefusedForAnotherVersionThanTheOneSeen() {
        String line = line("1", "1", "EUR").replace('\'', '"');
        assertRefused(
                calls.post("/orders/o-1/lines", line, "X-Tenant-Id", "acme", "If-Match", "\"7\""),
                412,
                "order-changed");
        assertRefused(
                calls.post("/orders/o-1/lines", line, "X-Tenant-Id", "acme", "If-Match", "seven"),
                400,
                "if-match-invalid");
    }

    @Test
    void areRefusedUnderTheKeyOfAnotherRequest() {
        String[] key = {"X-Tenant-Id", "acme", "Idempotency-Key", "k-1"};
        calls.post("/orders", "{'orderId':'keyed','customer':'Ada','currency':'EUR'}".replace('\'', '"'), key);
        assertRefused(
                calls.post("/orders/o-1/cancellation", "{\"reason\":\"mistake\"}", key), 422, "idempotency-key-reused");
        assertRefused(
                calls.get("/orders/o-1", "X-Tenant-Id", "acme", "Idempotency-Key", "x".repeat(129)),
                400,
                "header-invalid");
    }

    @Test
    void areRefusedInTheSameWayWhenTheyAreSentAgain() {
        String[] key = {"X-Tenant-Id", "acme", "Idempotency-Key", "k-2"};
        Answer first = calls.post("/orders/o-1/shipment", "{\"trackingNumber\":\"T-77\"}", key);
        assertRefused(first, 409, "order-not-paid");
        assertThat(calls.post("/orders/o-1/shipment", "{\"trackingNumber\":\"T-77\"}", key)
                        .body())
                .isEqualTo(first.body());
    }

    @Test
    void getACodeFromSpringMvcToo() {
        assertRefused(calls.get("/orders", ACME), 405, "method-not-allowed");
        assertRefused(calls.get("/nowhere", ACME), 404, "not-found");
    }

    private static String line(String quantity, String amount, String currency) {
        return "{'sku':'cup','quantity':%s,'unitPrice':{'amount':%s,'currency':'%s'}}"
                .formatted(quantity, amount, currency);
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
