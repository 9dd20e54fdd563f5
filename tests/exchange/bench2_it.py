import os, time, resource
from collections import defaultdict
from shared.exchange import inbox as I, verdict as V
from tests.exchange.conftest import *
def test_recv(town):
    N=1000; CASES=50
    cases=[open_case(town.office,to=(CENTRE,)) for _ in range(CASES)]
    town.drain()
    data=example("PlanSubmitted")
    for start in range(0,N,100):
        recs=[]
        for i in range(100):
            c=uuid4(); recs+=town.office.recorder.records([NewEvent("PlanSubmitted",data,case_id=cases[(start+i)%CASES],to=(CENTRE,))],Cause(c,c,"x",town.office.today()) )
        with town.office.log.write() as w: w.append(recs)
    r=town.exchanges[OFFICE].relay
    t=time.time(); c0=time.process_time()
    n=0
    while n<N-0: 
        k=r.pump(); n+=k
        if not k: break
    print("\nRELAY",n/(time.time()-t),"cpu/msg ms",(time.process_time()-c0)/n*1000)
    acc=defaultdict(float)
    def timed(obj,name):
        f=getattr(obj,name)
        def g(*a,**k):
            s=time.perf_counter()
            try: return f(*a,**k)
            finally: acc[name]+=time.perf_counter()-s
        setattr(obj,name,g)
    ib=town.exchanges[CENTRE].reception.inbox
    timed(ib,"_authenticate_with"); timed(ib,"_verdict"); timed(ib,"_place"); timed(ib,"answer"); timed(ib,"receive"); timed(V,"judge"); timed(town.centre,"situation"); timed(town.centre.keys,"seal"); timed(I,"incoming_of"); timed(I,"_carry_out"); timed(ib,"_take")
    rec=town.exchanges[CENTRE].reception
    t=time.time(); c0=time.process_time(); n=0
    while n<N-5:
        n+=rec.turn(0.2)
    w=time.time()-t
    print("RECV",n/w,"cpu/msg ms",(time.process_time()-c0)/n*1000)
    for k,v in sorted(acc.items(),key=lambda x:-x[1]): print(f"  {k:22} {v/n*1000:.3f} ms")
    t=time.time(); n=0; rec=town.exchanges[OFFICE].reception
    rec.turn(0.2); print("RECEIPTS", time.time()-t, rows(town.office,"select count(*) from receipted"))
