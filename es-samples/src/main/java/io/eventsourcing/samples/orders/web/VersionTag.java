package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.stream.StreamVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of an order as an entity tag: version 3 is {@code "3"}. */
final class VersionTag {

    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

    private VersionTag() {}

    static String of(StreamVersion version) {
        return "\"" + version + "\"";
    }

    /** The version that {@code If-Match} demands; null if it demands none. */
    static @Nullable StreamVersion parse(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher tag = TAG.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw new InvalidRequestException(
                    "if-match-invalid", "If-Match is " + ifMatch + ". Send the ETag of one answer, such as \"3\".");
        }
        return StreamVersion.of(Long.parseLong(tag.group(1)));
    }
}
