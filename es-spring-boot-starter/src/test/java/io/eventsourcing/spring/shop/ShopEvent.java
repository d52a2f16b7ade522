package io.eventsourcing.spring.shop;

import io.eventsourcing.core.event.EventType;
import java.math.BigDecimal;
import java.time.Instant;

public sealed interface ShopEvent {

    @EventType("shop-opened")
    record ShopOpened(String shopName) implements ShopEvent {}

    @EventType(value = "article-sold", schemaVersion = 2)
    record ArticleSold(String articleName, BigDecimal unitPrice, Instant soldAt) implements ShopEvent {}
}
