package io.eventsourcing.samples.orders.readmodel;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import java.time.Instant;

/**
 * How often an article was ordered.
 *
 * @param sku the article
 * @param pieces how many pieces
 * @param lastOrderedAt when it was ordered last
 */
@ReadModel(table = "article_demand")
public record ArticleDemand(@Id String sku, long pieces, Instant lastOrderedAt) {}
