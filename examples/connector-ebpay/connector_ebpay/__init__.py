"""ebPay（易博付）, a payment institution that collects from buyers abroad and settles into yuan. An example."""
