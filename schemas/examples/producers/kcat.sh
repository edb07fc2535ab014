#!/bin/sh
# Send one withdrawal with kcat: sh kcat.sh localhost:9092
# kcat is made of librdkafka: without the setting it would place keys by CRC32.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf 'forms:r-1001\t{"type":"survey.withdrawn","event_id":"r-1001/w","source":"forms",%s}\n' \
    '"response_id":"forms:r-1001","occurred_at":"'"$now"'"' |
    kcat -P -b "$1" -t surveys -K "$(printf '\t')" \
        -X topic.partitioner=murmur2_random -X enable.idempotence=true
