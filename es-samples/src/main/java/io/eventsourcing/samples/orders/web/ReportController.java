package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.readmodel.ReadModelPage;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelQuery;
import io.eventsourcing.samples.orders.Order;
import io.eventsourcing.samples.orders.readmodel.ArticleDemand;
import io.eventsourcing.samples.orders.readmodel.DayRevenue;
import io.eventsourcing.samples.orders.readmodel.OrderSummary;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists and reports of the tenant in scope, page by page: {@code next} of an answer is {@code after} of the request for the page behind it. */
@RestController
class ReportController {

    private final ReadModelPort<OrderSummary> summaries;
    private final ReadModelPort<DayRevenue> days;
    private final ReadModelPort<ArticleDemand> articles;

    ReportController(
            ReadModelPort<OrderSummary> summaries,
            ReadModelPort<DayRevenue> days,
            ReadModelPort<ArticleDemand> articles) {
        this.summaries = summaries;
        this.days = days;
        this.articles = articles;
    }

    record Page<T>(List<T> items, @Nullable String next) {}

    record Summary(
            String orderId,
            String customer,
            String status,
            BigDecimal total,
            String currency,
            int lines,
            Instant placedAt) {

        static Summary of(OrderSummary row) {
            return new Summary(
                    row.orderId(),
                    row.customer(),
                    row.status().toString(),
                    row.total(),
                    row.currency(),
                    row.lines(),
                    row.placedAt());
        }
    }

    /** The newest first. */
    @GetMapping("/order-summaries")
    Page<Summary> summaries(
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String customer,
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String after) {
        ReadModelQuery query = ReadModelQuery.all().descendingBy("placedAt");
        if (status != null) {
            query = query.where("status", InvalidRequestException.parse("status-unknown", () -> statusOf(status)));
        }
        if (customer != null) {
            query = query.where("customer", customer);
        }
        return page(summaries, query, limit, after, Summary::of);
    }

    private static Order.Status statusOf(String text) {
        return Order.Status.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The latest day first. */
    @GetMapping("/revenue-per-day")
    Page<DayRevenue> revenue(
            @RequestParam(defaultValue = "20") int limit, @RequestParam(required = false) @Nullable String after) {
        return page(days, ReadModelQuery.all().descendingBy("day"), limit, after, Function.identity());
    }

    /** What is ordered most first. */
    @GetMapping("/demand-per-article")
    Page<ArticleDemand> demand(
            @RequestParam(defaultValue = "20") int limit, @RequestParam(required = false) @Nullable String after) {
        return page(articles, ReadModelQuery.all().descendingBy("pieces"), limit, after, Function.identity());
    }

    private static <R, T> Page<T> page(
            ReadModelPort<R> rows, ReadModelQuery query, int limit, @Nullable String after, Function<R, T> answer) {
        ReadModelPage<R> page = InvalidRequestException.parse(
                "page-invalid", () -> rows.find(query.limitedTo(limit).after(after)));
        return new Page<>(page.rows().stream().map(answer).toList(), page.next());
    }
}
