#!/bin/sh
# Send one order with Kafka's own tool: sh console_producer.sh localhost:9092
# Key and value are separated by a tab; the tool places keys by murmur2, as every Java client does.
# From Kafka 4.2 on, --property is called --reader-property.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf 'shop:t-3001\t{"type":"cart.ordered","event_id":"o-5/1","source":"shop/eu",%s}\n' \
    '"cart_id":"shop:t-3001","order_id":"o-5","occurred_at":"'"$now"'","value_minor":3998,"currency":"EUR"' |
    kafka-console-producer.sh --bootstrap-server "$1" --topic carts \
        --property parse.key=true --property "key.separator=$(printf '\t')"
