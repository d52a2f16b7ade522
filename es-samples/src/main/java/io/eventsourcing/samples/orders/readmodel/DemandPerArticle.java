package io.eventsourcing.samples.orders.readmodel;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.SequencingKey;
import io.eventsourcing.samples.orders.OrderEvent.LineAdded;
import org.springframework.stereotype.Component;

/** Counts what was ordered. The lines of one article come one after the other, whatever orders they are in, and articles at the same time. */
@Component
@Projection(name = "demand-per-article")
class DemandPerArticle {

    private final ReadModelUpdaterPort<ArticleDemand> articles;

    DemandPerArticle(ReadModelUpdaterPort<ArticleDemand> articles) {
        this.articles = articles;
    }

    @SequencingKey
    String article(RecordedEvent event) {
        return ((LineAdded) event.payload()).sku();
    }

    @EventHandler
    void ordered(LineAdded event, RecordedEvent recorded) {
        long before = articles.get(event.sku()).map(ArticleDemand::pieces).orElse(0L);
        articles.upsert(new ArticleDemand(event.sku(), before + event.quantity(), recorded.occurredAt()));
    }
}
