package io.eventsourcing.postgres;

import io.eventsourcing.core.readmodel.Id;
import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelTable;
import io.eventsourcing.core.readmodel.ReadModelType;
import io.eventsourcing.core.serialization.EventSerialization;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read model of two parts of an id, with columns that may be null and columns that may not. */
@ReadModel(table = "order_line")
record OrderLine(
        @Id String order,
        @Id int line,
        long count,
        boolean isDone,
        @Nullable String note,
        @Nullable BigDecimal amount,
        List<String> labels) {

    static final ReadModelType<OrderLine> TYPE =
            ReadModelType.of(OrderLine.class, EventSerialization.of(Noted.class).json());

    static final ReadModelTable TABLE = new ReadModelTable(TYPE, TYPE.table());

    static OrderLine of(String order) {
        return new OrderLine(order, 1, 7, false, "12", new BigDecimal("1.50"), List.of("a"));
    }
}
