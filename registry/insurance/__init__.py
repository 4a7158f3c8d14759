"""Who is insured (投保名单): the list of a term or a day, its checks, and the lists that were handed to the insurer."""
