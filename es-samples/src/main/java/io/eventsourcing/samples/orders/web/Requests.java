package io.eventsourcing.samples.orders.web;

import io.eventsourcing.samples.orders.Money;
import io.eventsourcing.samples.orders.OrderCommand.AddLine;
import io.eventsourcing.samples.orders.OrderCommand.CancelOrder;
import io.eventsourcing.samples.orders.OrderCommand.PayOrder;
import io.eventsourcing.samples.orders.OrderCommand.PlaceOrder;
import io.eventsourcing.samples.orders.OrderCommand.ShipOrder;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The bodies of requests. Validation finds what is missing; whether the rest makes sense is for the domain to say. */
final class Requests {

    private static final int MAX_TEXT = 200;

    /** What needs no escape in a path. */
    private static final String ORDER_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private Requests() {}

    record Placement(
            @Nullable @Pattern(regexp = ORDER_ID, message = "must match " + ORDER_ID)
            String orderId,

            @NotBlank @Size(max = MAX_TEXT) String customer,
            @NotNull String currency) {
        PlaceOrder toCommand(String id) {
            return new PlaceOrder(id, customer, Money.currency(currency));
        }
    }

    record NewLine(
            @NotBlank @Size(max = MAX_TEXT) String sku,
            @NotNull Integer quantity,
            @NotNull @Valid Price unitPrice) {
        AddLine toCommand(String id, @Nullable Long seen) {
            return new AddLine(id, seen, sku, quantity, Money.of(unitPrice.amount, unitPrice.currency));
        }
    }

    record Payment(@NotNull BigDecimal amount, @NotNull String currency) {
        PayOrder toCommand(String id, @Nullable Long seen) {
            return new PayOrder(id, seen, Money.of(amount, currency));
        }
    }

    record Shipment(@NotBlank @Size(max = MAX_TEXT) String trackingNumber) {
        ShipOrder toCommand(String id, @Nullable Long seen) {
            return new ShipOrder(id, seen, trackingNumber);
        }
    }

    record Cancellation(@NotBlank @Size(max = MAX_TEXT) String reason) {
        CancelOrder toCommand(String id, @Nullable Long seen) {
            return new CancelOrder(id, seen, reason);
        }
    }

    record Price(@NotNull BigDecimal amount, @NotNull String currency) {}
}
