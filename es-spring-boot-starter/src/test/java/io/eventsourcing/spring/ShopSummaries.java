package io.eventsourcing.spring;

import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.spring.shop.ShopEvent.ArticleSold;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import io.eventsourcing.spring.shop.ShopSummary;

/** A projection as applications write one. */
@Projection(name = "shop-summaries")
class ShopSummaries {

    private final ReadModelUpdaterPort<ShopSummary> summaries;

    ShopSummaries(ReadModelUpdaterPort<ShopSummary> summaries) {
        this.summaries = summaries;
    }

    @EventHandler
    void opened(ShopOpened event, RecordedEvent recorded) {
        summaries.upsert(new ShopSummary(recorded.stream().id(), event.shopName(), 0));
    }

    @EventHandler
    void sold(ArticleSold event, RecordedEvent recorded) {
        summaries.update(recorded.stream().id()).increment("sold", 1);
    }
}
