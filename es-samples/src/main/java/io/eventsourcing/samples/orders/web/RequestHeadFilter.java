package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.IdentifierRules;
import io.eventsourcing.core.command.CommandId;
import io.eventsourcing.core.event.EventMetadata;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Reads the {@link RequestHead}. The command's id is that of {@value #IDEMPOTENCY_KEY}, so that a repeated request is the same command, or a
 * new one. The correlation id is that of {@value #CORRELATION_ID}, or a new one, which is answered in any case; the actor is that of
 * {@value #ACTOR}, if there is one.
 */
@Component
@Order(1)
class RequestHeadFilter extends OncePerRequestFilter {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    static final String CORRELATION_ID = "X-Correlation-Id";
    static final String ACTOR = "X-Actor";

    /** The request's attribute that holds the {@link RequestHead}. */
    static final String HEAD = "head";

    private static final int MAX_LENGTH = 128;

    private final HandlerExceptionResolver problems;

    RequestHeadFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            String given = checked(CORRELATION_ID, request);
            String correlationId = given != null ? given : UUID.randomUUID().toString();
            response.setHeader(CORRELATION_ID, correlationId);
            EventMetadata metadata = EventMetadata.builder()
                    .correlationId(correlationId)
                    .actor(checked(ACTOR, request))
                    .source("http")
                    .build();
            request.setAttribute(HEAD, new RequestHead(commandId(request), metadata));
        } catch (InvalidRequestException e) {
            problems.resolveException(request, response, null, e);
            return;
        }
        chain.doFilter(request, response);
    }

    private static CommandId commandId(HttpServletRequest request) {
        String key = checked(IDEMPOTENCY_KEY, request);
        return key == null ? CommandId.next() : CommandId.named("http", key);
    }

    private static @Nullable String checked(String header, HttpServletRequest request) {
        String value = request.getHeader(header);
        return value == null
                ? null
                : InvalidRequestException.parse(
                        "header-invalid", () -> IdentifierRules.check("header " + header, value, MAX_LENGTH));
    }
}
