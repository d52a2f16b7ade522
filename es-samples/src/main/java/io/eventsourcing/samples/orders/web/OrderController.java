package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.event.EventStream;
import io.eventsourcing.samples.orders.Message;
import io.eventsourcing.samples.orders.OrderCommand;
import io.eventsourcing.samples.orders.OrderService;
import io.eventsourcing.samples.orders.PaymentConfirmations;
import io.eventsourcing.samples.orders.PlacedOrder;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Orders of the tenant in scope. Each answer carries the order's version as its {@code ETag}; a change that sends it back as
 * {@code If-Match} happens only if nobody else was faster. A change that is sent again under its {@code Idempotency-Key} has its first answer.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

    private final OrderService orders;
    private final PaymentConfirmations confirmations;

    OrderController(OrderService orders, PaymentConfirmations confirmations) {
        this.orders = orders;
        this.confirmations = confirmations;
    }

    @PostMapping
    ResponseEntity<OrderResponse> place(
            @RequestBody @Valid Requests.Placement placement, @RequestAttribute RequestHead head) {
        String id = placement.orderId() != null
                ? placement.orderId()
                : head.commandId().toString();
        PlacedOrder placed = orders.handle(placement.toCommand(id), head.commandId(), head.metadata());
        URI location = UriComponentsBuilder.fromPath("/orders/{id}")
                .encode()
                .buildAndExpand(id)
                .toUri();
        return ResponseEntity.created(location)
                .eTag(VersionTag.of(placed.order().version()))
                .body(OrderResponse.of(placed));
    }

    @PostMapping("/{id}/lines")
    ResponseEntity<OrderResponse> addLine(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @Valid Requests.NewLine line,
            @RequestAttribute RequestHead head) {
        return handle(line.toCommand(id, VersionTag.parse(ifMatch)), head);
    }

    @PostMapping("/{id}/payment")
    ResponseEntity<OrderResponse> pay(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @Valid Requests.Payment payment,
            @RequestAttribute RequestHead head) {
        return handle(payment.toCommand(id, VersionTag.parse(ifMatch)), head);
    }

    @PostMapping("/{id}/shipment")
    ResponseEntity<OrderResponse> ship(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @Valid Requests.Shipment shipment,
            @RequestAttribute RequestHead head) {
        return handle(shipment.toCommand(id, VersionTag.parse(ifMatch)), head);
    }

    @PostMapping("/{id}/cancellation")
    ResponseEntity<OrderResponse> cancel(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @Valid Requests.Cancellation cancellation,
            @RequestAttribute RequestHead head) {
        return handle(cancellation.toCommand(id, VersionTag.parse(ifMatch)), head);
    }

    @GetMapping("/{id}")
    ResponseEntity<OrderResponse> get(@PathVariable String id) {
        return answer(orders.get(id));
    }

    @GetMapping("/{id}/events")
    ResponseEntity<List<HistoryEntry>> events(@PathVariable String id) {
        EventStream events = orders.history(id);
        return ResponseEntity.ok()
                .eTag(VersionTag.of(events.version().value()))
                .body(events.stream().map(HistoryEntry::of).toList());
    }

    @GetMapping("/{id}/messages")
    List<Message> messages(@PathVariable String id) {
        return confirmations.sent(orders.get(id).id());
    }

    private ResponseEntity<OrderResponse> handle(OrderCommand command, RequestHead head) {
        return answer(orders.handle(command, head.commandId(), head.metadata()));
    }

    private static ResponseEntity<OrderResponse> answer(PlacedOrder found) {
        return ResponseEntity.ok().eTag(VersionTag.of(found.order().version())).body(OrderResponse.of(found));
    }
}
