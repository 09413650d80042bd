"""What an operator watches: figures of what runs in this process, in the text format of Prometheus."""
