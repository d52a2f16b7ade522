package io.eventsourcing.spring.shop;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;

@ReadModel(table = "shop_summary")
public record ShopSummary(@Id String shop, String shopName, long sold) {}
