package io.eventsourcing.spring.shop;

import io.eventsourcing.core.event.EventType;

@EventType("shop-closed")
public record ShopClosed(String reason) {}
