package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.command.CommandIdReusedException;
import io.eventsourcing.core.command.CommandRejectedException;
import io.eventsourcing.core.command.CommandResult.Rejection;
import io.eventsourcing.core.event.AppendOutcomeUnknownException;
import io.eventsourcing.core.event.EventStoreRefusedException;
import io.eventsourcing.core.event.EventStoreUnavailableException;
import io.eventsourcing.core.event.TransientStoreException;
import io.eventsourcing.core.event.VersionConflictException;
import io.eventsourcing.core.serialization.PayloadNotWritableException;
import io.eventsourcing.samples.orders.Rule;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/** Answers errors as problem details (RFC 9457): a {@code code} for programs and a {@code detail} for people. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ProblemDetail rejected(CommandRejectedException rejected) {
        Rejection rejection = rejected.rejection();
        HttpStatus status = Rule.ofCode(rejection.code())
                .map(rule -> statusOf(rule.kind()))
                .orElse(HttpStatus.UNPROCESSABLE_CONTENT);
        return problem(status, rejection.code(), rejection.message());
    }

    private static HttpStatus statusOf(Rule.Kind kind) {
        return switch (kind) {
            case UNKNOWN -> HttpStatus.NOT_FOUND;
            case PRECONDITION -> HttpStatus.PRECONDITION_FAILED;
            case CONFLICT -> HttpStatus.CONFLICT;
            case INVALID -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidRequestException invalid) {
        return problem(HttpStatus.BAD_REQUEST, invalid.code(), invalid);
    }

    @ExceptionHandler
    ProblemDetail othersWereFaster(VersionConflictException conflict) {
        return problem(HttpStatus.CONFLICT, "order-contended", conflict);
    }

    @ExceptionHandler(CommandIdReusedException.class)
    ProblemDetail keyReused() {
        return problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "idempotency-key-reused",
                "The Idempotency-Key belongs to another request. Nothing was changed. Give this request a key of its own.");
    }

    @ExceptionHandler(PayloadNotWritableException.class)
    ProblemDetail notStorable() {
        return problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "text-not-storable",
                "A text of the request has a character that cannot be stored, such as NUL. Nothing was changed.");
    }

    @ExceptionHandler({
        EventStoreUnavailableException.class,
        EventStoreRefusedException.class,
        TransientStoreException.class
    })
    ProblemDetail unavailable(RuntimeException unavailable) {
        LOG.error("The event store did not carry out a request.", unavailable);
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "store-unavailable",
                "The order could not be stored or read. Try again later.");
    }

    @ExceptionHandler
    ProblemDetail outcomeUnknown(AppendOutcomeUnknownException unknown) {
        LOG.error("It is not known whether a request was carried out.", unknown);
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "outcome-unknown",
                "It is not known whether the request was carried out. Look at the order before you try again.");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String detail = invalid.getBindingResult().getFieldErrors().stream()
                .map(error -> error.getField() + " " + error.getDefaultMessage())
                .sorted()
                .collect(Collectors.joining("; ", "The request is incomplete: ", "."));
        return handleExceptionInternal(invalid, problem(status, "request-invalid", detail), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String detail = unreadable.getCause() instanceof DatabindException misfit
                        && !misfit.getPath().isEmpty()
                ? "The request's property '" + path(misfit) + "' is not known or has a value that does not fit."
                : "The request's body is missing or is not JSON.";
        return handleExceptionInternal(
                unreadable, problem(status, "request-unreadable", detail), headers, status, request);
    }

    /** What Spring MVC itself refuses gets a code, too. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem && problem.getProperties() == null) {
            problem.setProperty(
                    "code",
                    HttpStatus.valueOf(status.value())
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-'));
        }
        return super.createResponseEntity(body, headers, status, request);
    }

    private static String path(DatabindException misfit) {
        return misfit.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
    }

    private static ProblemDetail problem(HttpStatusCode status, String code, Exception cause) {
        return problem(status, code, String.valueOf(cause.getMessage()));
    }

    private static ProblemDetail problem(HttpStatusCode status, String code, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setProperty("code", code);
        return problem;
    }
}
