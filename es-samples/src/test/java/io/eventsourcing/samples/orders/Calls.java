package io.eventsourcing.samples.orders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Calls to a running service, as curl makes them. */
final class Calls {

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;

    Calls(int port) {
        base = "http://localhost:" + port;
    }

    Answer get(String path, String... headers) {
        return call(HttpRequest.newBuilder().GET(), path, headers);
    }

    Answer post(String path, String json, String... headers) {
        return call(
                HttpRequest.newBuilder().POST(BodyPublishers.ofString(json)).header("Content-Type", "application/json"),
                path,
                headers);
    }

    private Answer call(HttpRequest.Builder request, String path, String... headers) {
        try {
            if (headers.length > 0) {
                request.headers(headers);
            }
            return new Answer(client.send(request.uri(URI.create(base + path)).build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }
}
