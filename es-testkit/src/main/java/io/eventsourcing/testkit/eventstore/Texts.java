package io.eventsourcing.testkit.eventstore;

import java.util.List;

/** Texts that are easily changed or mistaken on the way to a database and back. */
final class Texts {

    /** Accepted wherever any storable text is. */
    static final List<String> UNUSUAL = List.of(
            "",
            " surrounded by spaces ",
            "'single' and \"double\" quotes; -- no comment",
            "back\\slash, \\u0000 as six characters, \\n as two",
            "%s {} $1 ? :name",
            "emoji 😀👩‍👩‍👧 and 𝒻𝑜𝓊𝓇 bytes",
            "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 and \u202Emarks\u202C",
            "composed \u00E9 and decomposed e\u0301",
            "controls \u0001\b\t\n\u000B\f\r\u001B\u001F\u007F\u0085",
            "separators \u2028\u2029\uFEFF",
            "noncharacters \uFFFE\uFFFF\uFFFD");

    /** Accepted as identifiers, and each different from the others. */
    static final List<String> UNUSUAL_IDENTIFIERS = List.of(
            "o'clock",
            "\"quoted\"",
            "back\\slash",
            "100%",
            "under_score",
            "'; drop table event; --",
            "$1 ? {}",
            "a,b;c|d/e",
            "{array,of}",
            "[\"json\"]",
            "😀👩‍👩‍👧",
            "\u05E9\u05DC\u05D5\u05DD",
            "caf\u00E9",
            "cafe\u0301",
            "Case",
            "case",
            "CASE",
            "stra\u00DFe",
            "strasse",
            "\u0130stanbul",
            "istanbul",
            "NULL",
            "inner  double space");

    private Texts() {}

    /** A text of this many UTF-16 code units, of characters that take four bytes in UTF-8 as far as possible. */
    static String longest(int length) {
        return "😀".repeat(length / 2) + "x".repeat(length % 2);
    }
}
