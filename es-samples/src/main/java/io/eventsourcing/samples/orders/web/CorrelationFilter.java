package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.IdentifierRules;
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
 * Gathers the metadata of whatever the request causes: the correlation id of {@value #CORRELATION_ID}, or a new one, which
 * is answered in any case, and the actor of {@value #ACTOR}, if there is one.
 */
@Component
@Order(1)
class CorrelationFilter extends OncePerRequestFilter {

    static final String CORRELATION_ID = "X-Correlation-Id";
    static final String ACTOR = "X-Actor";

    /** The request's attribute that holds the {@link EventMetadata}. */
    static final String METADATA = "metadata";

    private static final int MAX_LENGTH = 128;

    private final HandlerExceptionResolver problems;

    CorrelationFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            String given = checked(CORRELATION_ID, request);
            String correlationId = given != null ? given : UUID.randomUUID().toString();
            response.setHeader(CORRELATION_ID, correlationId);
            request.setAttribute(
                    METADATA,
                    EventMetadata.builder()
                            .correlationId(correlationId)
                            .actor(checked(ACTOR, request))
                            .source("http")
                            .build());
        } catch (InvalidRequestException e) {
            problems.resolveException(request, response, null, e);
            return;
        }
        chain.doFilter(request, response);
    }

    private static @Nullable String checked(String header, HttpServletRequest request) {
        String value = request.getHeader(header);
        return value == null
                ? null
                : InvalidRequestException.parse(
                        "header-invalid", () -> IdentifierRules.check("header " + header, value, MAX_LENGTH));
    }
}
