package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.tenant.TenantContext;
import io.eventsourcing.core.tenant.TenantId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets a request work for the tenant that {@value #TENANT} names, and refuses one without: to work for some default tenant
 * would mix up the data of callers who forgot the header. A real service takes the tenant from an authenticated token.
 */
@Component
@Order(2)
class TenantFilter extends OncePerRequestFilter {

    static final String TENANT = "X-Tenant-Id";

    private final HandlerExceptionResolver problems;

    TenantFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        TenantId tenant;
        try {
            tenant = tenantOf(request);
        } catch (InvalidRequestException e) {
            problems.resolveException(request, response, null, e);
            return;
        }
        try (TenantContext.Scope ignored = TenantContext.open(tenant)) {
            chain.doFilter(request, response);
        }
    }

    private static TenantId tenantOf(HttpServletRequest request) {
        String value = request.getHeader(TENANT);
        if (value == null) {
            throw new InvalidRequestException(
                    "tenant-missing",
                    "The header " + TENANT + " is missing. Name the tenant that the order belongs to.");
        }
        return InvalidRequestException.parse("tenant-invalid", () -> TenantId.of(value));
    }
}
